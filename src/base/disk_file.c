/* Reading a file of the system's. */
#include "base/disk_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/disk_error.h"

mlp_status mlp_disk_file_open(struct mlp_disk_file *file, const char *path)
{
	struct stat facts;
	*file = (struct mlp_disk_file){.path = path, .size = -1};
	MLP_AGAIN(file->descriptor, open(path, O_RDONLY | O_CLOEXEC));
	if (file->descriptor < 0 || fstat(file->descriptor, &facts) != 0)
		return mlp_fail_disk("cannot open", path, errno);
	if (S_ISDIR(facts.st_mode))
		return mlp_fail_disk("cannot read", path, EISDIR);
	if (S_ISREG(facts.st_mode))
		file->size = (int64_t)facts.st_size;
	return MLP_OK;
}

int64_t mlp_disk_file_read(void *file, void *data, size_t size)
{
	enum { MOST = 1 << 30 }; /* at a time: some systems refuse more than 2^31 */
	struct mlp_disk_file *from = file;
	ssize_t n;
	MLP_AGAIN(n, read(from->descriptor, data, size < MOST ? size : (size_t)MOST));
	if (n < 0)
		from->error = errno;
	return n;
}

mlp_status mlp_disk_file_close(struct mlp_disk_file *file, mlp_status status)
{
	if (status != MLP_OK && file->error != 0)
		status = mlp_fail_disk("cannot read", file->path, file->error);
	if (file->descriptor >= 0)
		close(file->descriptor); /* nothing was written that could be lost */
	return status;
}
