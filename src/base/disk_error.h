/* What reading and replacing files share: failures in the system's words, and its interrupted calls. */
#ifndef MLP_BASE_DISK_ERROR_H
#define MLP_BASE_DISK_ERROR_H

#include <errno.h>
#include <mlp/mlp.h>

/* Fail with MLP_ERR_IO and the line "cannot write 'path': No space left on device". */
mlp_status mlp_fail_disk(const char *action, const char *path, int error);

/* A call again as long as a signal interrupts it; its result. */
#define MLP_AGAIN(result, call)                                                                    \
	do                                                                                         \
		(result) = (call);                                                                 \
	while ((result) < 0 && errno == EINTR)

#endif
