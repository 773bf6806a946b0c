/* What the bits of a result depend on, as words without blanks: the keys of the table of golden digests. */
#ifndef MLP_TESTS_GOLDEN_KEY_H
#define MLP_TESTS_GOLDEN_KEY_H

enum { KEY_WORD = 64 };

struct key {
	char provider
		[KEY_WORD]; /* "OpenBLAS-0.3.21"; of one that does not say what it is, folder and file */
	char core
		[KEY_WORD]; /* the processor that the BLAS computes for, by its own name; "any"; or the one
				  * that this is: "AuthenticAMD-25-17" */
	char compiler[KEY_WORD]; /* "gcc-12/x86_64": with what and for what */
	char libc[KEY_WORD];     /* "glibc-2.36": its exp, log, pow */
};

/* What this process runs on; what is not known is "unknown". */
void key_of_this_process(struct key *key);

#endif
