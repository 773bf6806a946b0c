/* Failures of the system, in its words. */
#include "base/disk_error.h"

#include <string.h>

#include "base/status.h"

enum { LINE_SIZE = 256 };

/* Append to a line what fits in front of `last`; its end comes back. */
static char *append(char *end, const char *last, const char *text)
{
	for (; *text != '\0' && end < last; text++)
		*end++ = (unsigned char)*text < ' ' ? '?' : *text;
	*end = '\0';
	return end;
}

mlp_status mlp_fail_disk(const char *action, const char *path, int error)
{
	enum { PATH_SHOWN = 140 }; /* its end tells more than its beginning */
	char line[LINE_SIZE], words[80], *end = line;
	const char *last = line + LINE_SIZE - 1;
	size_t length = strlen(path);
	if (strerror_r(error, words, sizeof(words)) != 0)
		memcpy(words, "unknown error", sizeof("unknown error"));
	end = append(end, last, action);
	end = append(end, last, length > PATH_SHOWN ? " '..." : " '");
	end = append(end, last, length > PATH_SHOWN ? path + (length - PATH_SHOWN) : path);
	end = append(end, last, "': ");
	append(end, last, words);
	return mlp_fail_named(MLP_ERR_IO, line, "");
}
