/* Watching a call that must fail: its status, its line, that it printed nothing, and that the network
 * kept every bit of its parameters. What a sanitizer has to say during the call goes to a temporary
 * file; ASAN_OPTIONS=log_path=... shows it. */
#ifndef MLP_TESTS_UNIT_REFUSAL_H
#define MLP_TESTS_UNIT_REFUSAL_H

#include <stdlib.h>
#include <unistd.h>

#include "support/test.h"

/* `call` is refused with the status `expected` and `words` in its line; net may be NULL. */
#define assert_refused(net, expected, words, call)                                                 \
	do {                                                                                       \
		struct refusal refusal_ = refusal_begin(net);                                      \
		mlp_status refused_ = (call);                                                      \
		refusal_end(&refusal_, refused_, expected, words, #call, __FILE__, __LINE__);      \
	} while (0)

struct refusal {
	const mlp_network *net;
	void *before; /* its parameters */
	size_t bytes;
	FILE *output; /* what was written to the descriptors 1 and 2 */
	int saved[2];
};

static inline const void *refusal_parameters(const mlp_network *net)
{
	return mlp_network_dtype(net) == MLP_F32
		       ? (const void *)mlp_network_const_parameters_f32(net)
		       : (const void *)mlp_network_const_parameters_f64(net);
}

static inline struct refusal refusal_begin(const mlp_network *net)
{
	struct refusal r = {.net = net};
	if (net != NULL) {
		r.bytes = (size_t)mlp_network_parameter_count(net) *
			  (mlp_network_dtype(net) == MLP_F32 ? sizeof(float) : sizeof(double));
		r.before = malloc(r.bytes);
		memcpy(r.before, refusal_parameters(net), r.bytes);
	}
	fflush(stdout);
	fflush(stderr);
	r.output = tmpfile();
	for (int fd = 1; fd <= 2; fd++) {
		r.saved[fd - 1] = dup(fd);
		dup2(fileno(r.output), fd);
	}
	return r;
}

static inline void refusal_end(struct refusal *r, mlp_status status, mlp_status expected,
			       const char *words, const char *call, const char *file, int line)
{
	fflush(stdout);
	fflush(stderr);
	long written = lseek(fileno(r->output), 0, SEEK_END);
	for (int fd = 1; fd <= 2; fd++) {
		dup2(r->saved[fd - 1], fd);
		close(r->saved[fd - 1]);
	}
	fclose(r->output);
	int changed = r->net != NULL && memcmp(r->before, refusal_parameters(r->net), r->bytes);
	free(r->before);
	const char *complaint = NULL;
	if (status != expected)
		complaint = "returned another status";
	else if (strstr(mlp_last_error(), words) == NULL)
		complaint = "left a line without the expected words";
	else if (written != 0)
		complaint = "wrote to stdout or stderr";
	else if (changed)
		complaint = "changed the network";
	if (complaint == NULL)
		return;
	print_error("%s\n    %s\n    %s instead of %s, line \"%s\", expected words \"%s\"\n", call,
		    complaint, mlp_status_name(status), mlp_status_name(expected), mlp_last_error(),
		    words);
	_fail(file, line);
}

#endif
