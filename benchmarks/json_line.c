/* One JSON object on a line of standard output. */
#include "json_line.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "machine.h"

static void print_text(const char *text)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static bool is_first; /* of the members of an object, or the items of a list */

static void begin_member(const char *key)
{
	printf("%s\"%s\": ", is_first ? "" : ", ", key);
	is_first = false;
}

void json_begin(const char *report)
{
	putchar('{');
	is_first = true;
	json_string("report", report);
}

void json_begin_list(const char *key)
{
	begin_member(key);
	putchar('[');
	is_first = true;
}

void json_begin_item(void)
{
	printf("%s{", is_first ? "" : ", ");
	is_first = true;
}

void json_end_item(void)
{
	putchar('}');
	is_first = false;
}

void json_end_list(void)
{
	putchar(']');
	is_first = false;
}

void json_string(const char *key, const char *text)
{
	begin_member(key);
	print_text(text);
}

void json_number(const char *key, double value)
{
	begin_member(key);
	if (isfinite(value))
		printf("%.9g", value);
	else
		printf("null");
}

void json_integer(const char *key, int64_t value)
{
	begin_member(key);
	printf("%" PRId64, value);
}

void json_bool(const char *key, bool value)
{
	begin_member(key);
	printf("%s", value ? "true" : "false");
}

void json_options(const struct options *options)
{
	json_string("dtype", dtype_name(options->dtype));
	json_string("activation", mlp_activation_name(options->activation));
	json_bool("flush_denormals", options->flush_denormals);
}

void json_conditions(const struct conditions *conditions)
{
	json_integer("workers", conditions->workers);
	json_integer("cores", machine_cores());
	json_integer("blas_threads_set", conditions->blas_threads);
	json_bool("settled", conditions->settled);
}

void json_end(void)
{
	json_string("version", mlp_version_string());
	json_string("blas", mlp_build_info(MLP_BUILD_BLAS));
	json_string("blas_config", mlp_build_info(MLP_BUILD_BLAS_CONFIG));
	json_string("blas_threads", mlp_build_info(MLP_BUILD_BLAS_THREADS));
	printf("}\n");
	fflush(stdout);
}
