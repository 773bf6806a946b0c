/* The drawing. gnuplot reads a script from one temporary file and writes to another, which becomes
 * the drawing only when all went well: no shell, no quoting of file names, no half a drawing. */
#include "plot.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char style_text[] = "set multiplot layout 1,2\n"
				 "set grid\n"
				 "set border 3\n"
				 "set tics nomirror\n"
				 "set xlabel 'batch'\n"
				 "set logscale x 2\n"
				 "set key below maxcols 2 Left reverse noenhanced\n";

/* Data block $net<i>: batch, forward, backward, step in us, backward/forward, the same of flop. */
static void write_data(FILE *script, const struct options *options, size_t net,
		       const struct result *results, size_t count)
{
	fprintf(script, "$net%zu << EOD\n", net);
	for (size_t i = 0; i < count; i++) {
		const struct result *r = &results[i];
		if (r->net != &options->nets[net])
			continue;
		double forward = r->times[FORWARD].best, backward = r->times[BACKWARD].best;
		fprintf(script, "%" PRId64 " %.9g %.9g %.9g %.9g %.9g\n", r->batch, 1e6 * forward,
			1e6 * backward, 1e6 * r->times[STEP].best, backward / forward,
			(double)r->flop[BACKWARD] / (double)r->flop[FORWARD]);
	}
	fprintf(script, "EOD\n");
}

/* What the curves look like: a net has a colour, a quantity a dash and a mark. */
struct look {
	int column;
	const char *quantity, *style;
};

static const struct look times_look[] = {{2, "forward", "with linespoints pt 7 ps 0.6"},
					 {3, "backward", "with linespoints dt 2 pt 5 ps 0.6"},
					 {4, "step", "with linespoints dt 4 pt 9 ps 0.8"}};
static const struct look ratios_look[] = {{5, "of time", "with linespoints pt 7 ps 0.6"},
					  {6, "of flop", "with linespoints dt 2 pt 1 ps 0.6"}};

/* All curves of all nets; the key names each colour and, in black, each look once. */
static void write_plot(FILE *script, const struct options *options, const struct look *looks,
		       size_t count)
{
	for (size_t i = 0; i < options->net_count; i++)
		fprintf(script, "%s NaN with lines lw 2 lc %zu title '%s'", i == 0 ? "plot" : ",",
			i + 1, options->nets[i].name);
	for (size_t k = 0; k < count; k++) {
		fprintf(script, ", NaN %s lc 'black' title '%s'", looks[k].style,
			looks[k].quantity);
		for (size_t i = 0; i < options->net_count; i++)
			fprintf(script, ", $net%zu using 1:%d smooth unique notitle %s lc %zu", i,
				looks[k].column, looks[k].style, i + 1);
	}
	fprintf(script, "\n");
}

static void write_script(FILE *script, const struct options *options, const struct result *results,
			 size_t count)
{
	int64_t least = INT64_MAX, most = 0;
	for (size_t i = 0; i < count; i++) {
		least = results[i].batch < least ? results[i].batch : least;
		most = results[i].batch > most ? results[i].batch : most;
	}
	for (size_t i = 0; i < options->net_count; i++)
		write_data(script, options, i, results, count);
	size_t key_rows = (options->net_count + 4) / 2;
	fprintf(script,
		"set terminal svg size 1200,%zu dynamic font 'sans-serif,13' background "
		"'#ffffff'\n",
		460 + 20 * key_rows);
	fputs(style_text, script);
	fprintf(script, "set bmargin %zu\nset xrange [%g:%g]\n", key_rows + 5, (double)least / 1.2,
		(double)most * 1.2);

	fprintf(script, "set title 'time, %s, %s'\nset ylabel 'microseconds'\nset logscale y 10\n",
		dtype_name(options->dtype), mlp_activation_name(options->activation));
	write_plot(script, options, times_look, sizeof times_look / sizeof *times_look);

	fprintf(script, "unset logscale y\nset title 'backward / forward'\nset ylabel 'ratio'\n"
			"set yrange [0:*]\n");
	write_plot(script, options, ratios_look, sizeof ratios_look / sizeof *ratios_look);
	fprintf(script, "unset multiplot\n");
}

/* Starts gnuplot on `script` into `drawing`; 0 or the reason why not. */
static int start_gnuplot(FILE *script, FILE *drawing, pid_t *child)
{
	char *const arguments[] = {(char[]){"gnuplot"}, NULL};
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);
	if (error != 0)
		return error;
	error = posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
	if (error == 0)
		error = posix_spawn_file_actions_adddup2(&actions, fileno(drawing), STDOUT_FILENO);
	if (error == 0)
		error = posix_spawnp(child, "gnuplot", &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* Exit status of gnuplot, or -1 with errno if it could not be run. */
static int run_gnuplot(FILE *script, FILE *drawing)
{
	pid_t child = 0, ended = 0;
	int status = 0;
	errno = start_gnuplot(script, drawing, &child);
	if (errno != 0)
		return -1;
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool copy_to(const char *path, FILE *drawing)
{
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return false;
	char buffer[8192];
	size_t size = 0;
	bool good = true;
	rewind(drawing);
	while (good && (size = fread(buffer, 1, sizeof buffer, drawing)) > 0)
		good = fwrite(buffer, 1, size, file) == size;
	good = good && !ferror(drawing);
	return fclose(file) == 0 && good;
}

bool plot_draw(const struct options *options, const struct result *results, size_t count)
{
	FILE *script = tmpfile(), *drawing = tmpfile();
	bool good = script != NULL && drawing != NULL;
	if (good) {
		write_script(script, options, results, count);
		good = fflush(script) == 0 && !ferror(script) && fseek(script, 0, SEEK_SET) == 0;
	}
	int status = good ? run_gnuplot(script, drawing) : 0;
	if (status > 0) {
		fprintf(stderr, "mlp-bench: gnuplot failed with status %d\n", status);
		good = false;
	} else if (status < 0 && errno == ENOENT) {
		fprintf(stderr, "mlp-bench: gnuplot is not installed; '%s' is not drawn\n",
			options->plot);
	} else {
		good = good && status == 0 && copy_to(options->plot, drawing);
		if (!good)
			fprintf(stderr, "mlp-bench: cannot draw '%s': %s\n", options->plot,
				strerror(errno));
	}
	if (script != NULL)
		fclose(script);
	if (drawing != NULL)
		fclose(drawing);
	return good;
}
