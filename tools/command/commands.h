/* The subcommands. */
#ifndef MLP_TOOLS_COMMANDS_H
#define MLP_TOOLS_COMMANDS_H

#include "cli/options.h"

/* Each gets its options and arguments, checked for number; complains, and returns the exit status. */
enum exit_code run_train(const struct options *options, char **arguments, int count);
enum exit_code run_predict(const struct options *options, char **arguments, int count);
enum exit_code run_eval(const struct options *options, char **arguments, int count);
enum exit_code run_info(const struct options *options, char **arguments, int count);
enum exit_code run_check(const struct options *options, char **arguments, int count);
enum exit_code run_export(const struct options *options, char **arguments, int count);
enum exit_code run_bench(const struct options *options, char **arguments, int count);
enum exit_code run_completion(const struct options *options, char **arguments, int count);

/* Keeps a copy of the command line as it was typed, for the message that says how to resume. */
void remember_command_line(int argc, char **argv);

/* The command line for a shell, with an option (or "") right behind the subcommand's name, where it can be no
 * other option's argument and stands before any "--"; from malloc. */
char *command_line(const char *option);

#endif
