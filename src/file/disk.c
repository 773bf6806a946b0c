/* Failures of the system, in its words. */
#include "file/disk.h"

#include <string.h>

#include "base/status.h"

enum { LINE_SIZE = 256 };

/* Append to a line what fits; its end comes back. */
static char *append(char *line, char *end, const char *text)
{
	for (; *text != '\0' && end < line + LINE_SIZE - 1; text++)
		*end++ = (unsigned char)*text < ' ' ? '?' : *text;
	*end = '\0';
	return end;
}

mlp_status mlp_fail_disk(const char *action, const char *path, int error)
{
	enum { PATH_SHOWN = 140 }; /* its end tells more than its beginning */
	char line[LINE_SIZE], words[80], *end = line;
	size_t length = strlen(path);
	if (strerror_r(error, words, sizeof(words)) != 0)
		memcpy(words, "unknown error", sizeof("unknown error"));
	end = append(line, end, action);
	end = append(line, end, length > PATH_SHOWN ? " '..." : " '");
	end = append(line, end, length > PATH_SHOWN ? path + (length - PATH_SHOWN) : path);
	end = append(line, end, "': ");
	append(line, end, words);
	return mlp_fail_named(MLP_ERR_IO, line, "");
}
