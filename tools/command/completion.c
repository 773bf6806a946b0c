/* mlp completion. */
#include <string.h>

#include "command/commands.h"

enum exit_code run_completion(const struct options *options, char **arguments, int count)
{
	(void)options, (void)count;
	if (strcmp(arguments[0], "mdoc") == 0) {
		print_mdoc();
		return DONE;
	}
	if (print_completion(arguments[0]))
		return DONE;
	complain("completion: '%s': expected bash, zsh, fish or mdoc", arguments[0]);
	return BAD_USAGE;
}
