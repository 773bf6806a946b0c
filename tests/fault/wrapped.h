/* Calls of the system that the linker exchanges (--wrap): the C library's, and what is called in their place. */
#ifndef MLP_TESTS_FAULT_WRAPPED_H
#define MLP_TESTS_FAULT_WRAPPED_H

#include <sys/stat.h>
#include <sys/types.h>

int __real_open(const char *path, int flags, ...);
int __real_openat(int folder, const char *path, int flags, ...);
ssize_t __real_write(int file, const void *data, size_t size);
ssize_t __real_read(int file, void *data, size_t size);
int __real_fsync(int file);
int __real_fchmod(int file, mode_t mode);
int __real_close(int file);
int __real_renameat(int from_folder, const char *from, int to_folder, const char *to);
int __real_fstat(int file, struct stat *facts);
int __real_lstat(const char *path, struct stat *facts);

int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);
ssize_t __wrap_write(int file, const void *data, size_t size);
ssize_t __wrap_read(int file, void *data, size_t size);
int __wrap_fsync(int file);
int __wrap_fchmod(int file, mode_t mode);
int __wrap_close(int file);
int __wrap_renameat(int from_folder, const char *from, int to_folder, const char *to);
int __wrap_fstat(int file, struct stat *facts);
int __wrap_lstat(const char *path, struct stat *facts);

#endif
