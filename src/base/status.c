/* Status names, and the line that the last failure of each thread left. No stdio: a library that
 * formats its own errors cannot disturb its host's locale, and needs no memory. */
#include "base/status.h"

#include <math.h>
#include <string.h>

#include "base/digits.h"

enum { LINE_SIZE = 256 };

static _Thread_local char last_error[LINE_SIZE];

const char *mlp_status_name(mlp_status status)
{
	switch (status) {
	case MLP_OK:
		return "MLP_OK";
	case MLP_ERR_NULL:
		return "MLP_ERR_NULL";
	case MLP_ERR_VALUE:
		return "MLP_ERR_VALUE";
	case MLP_ERR_SIZE:
		return "MLP_ERR_SIZE";
	case MLP_ERR_OVERFLOW:
		return "MLP_ERR_OVERFLOW";
	case MLP_ERR_STRIDE:
		return "MLP_ERR_STRIDE";
	case MLP_ERR_DTYPE:
		return "MLP_ERR_DTYPE";
	case MLP_ERR_INDEX:
		return "MLP_ERR_INDEX";
	case MLP_ERR_BATCH:
		return "MLP_ERR_BATCH";
	case MLP_ERR_SHAPE:
		return "MLP_ERR_SHAPE";
	case MLP_ERR_STATE:
		return "MLP_ERR_STATE";
	case MLP_ERR_LOSS:
		return "MLP_ERR_LOSS";
	case MLP_ERR_NONFINITE:
		return "MLP_ERR_NONFINITE";
	case MLP_ERR_MEMORY:
		return "MLP_ERR_MEMORY";
	case MLP_ERR_VERSION:
		return "MLP_ERR_VERSION";
	case MLP_ERR_BLAS:
		return "MLP_ERR_BLAS";
	case MLP_ERR_SYSTEM:
		return "MLP_ERR_SYSTEM";
	case MLP_ERR_IO:
		return "MLP_ERR_IO";
	case MLP_ERR_FORMAT:
		return "MLP_ERR_FORMAT";
	case MLP_ERR_LIMIT:
		return "MLP_ERR_LIMIT";
	case MLP_ERR_CALLBACK:
		return "MLP_ERR_CALLBACK";
	case MLP_STATUS_MAX_ENUM:
		break;
	}
	return "unknown status";
}

const char *mlp_last_error(void)
{
	return last_error;
}

/* A line under construction; what does not fit is cut off. */
struct line {
	size_t length;
};

static void put_char(struct line *line, char c)
{
	if (line->length < LINE_SIZE - 1)
		last_error[line->length++] = c;
	last_error[line->length] = '\0';
}

static void put_text(struct line *line, const char *text)
{
	while (*text != '\0')
		put_char(line, *text++);
}

static void put_unsigned(struct line *line, uint64_t number)
{
	char digits[MLP_MOST_DIGITS + 1];
	*mlp_put_digits(digits, number) = '\0';
	put_text(line, digits);
}

static void put_integer(struct line *line, int64_t number)
{
	if (number < 0)
		put_char(line, '-');
	put_unsigned(line, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* Six significant digits with an exponent: -1.25000e-3. */
static void put_real(struct line *line, double number)
{
	if (isnan(number)) {
		put_text(line, "nan");
		return;
	}
	if (signbit(number))
		put_char(line, '-');
	number = fabs(number);
	if (isinf(number)) {
		put_text(line, "inf");
		return;
	}
	int exponent = number > 0 ? (int)floor(log10(number)) : 0;
	/* in two steps: 10^308 times itself would overflow where a denormal is scaled */
	int half = exponent / 2;
	double scaled = number * pow(10, -half) * pow(10, half - exponent);
	uint64_t digits = (uint64_t)(scaled * 1e5 + 0.5);
	if (digits >= 1000000) {
		digits /= 10;
		exponent++;
	} else if (digits > 0 && digits < 100000) {
		digits = (uint64_t)(scaled * 1e6 + 0.5);
		exponent--;
	}
	put_unsigned(line, digits / 100000);
	put_char(line, '.');
	for (uint64_t place = 10000; place > 0; place /= 10)
		put_char(line, (char)('0' + (int)(digits / place % 10)));
	if (exponent != 0) {
		put_char(line, 'e');
		put_integer(line, exponent);
	}
}

static void put_numbers(struct line *line, const char *format, const int64_t *numbers)
{
	for (; *format != '\0'; format++) {
		if (*format == '%')
			put_integer(line, *numbers++);
		else
			put_char(line, *format);
	}
}

mlp_status mlp_fail_numbers(mlp_status status, const char *name, const char *format,
			    const int64_t *numbers)
{
	struct line line = {0};
	put_text(&line, name);
	put_numbers(&line, format, numbers);
	return status;
}

mlp_status mlp_fail_before(mlp_status status, const char *format, const int64_t *numbers)
{
	char within[LINE_SIZE];
	memcpy(within, last_error, sizeof(within));
	struct line line = {0};
	put_numbers(&line, format, numbers);
	put_text(&line, within);
	return status;
}

mlp_status mlp_fail_real(mlp_status status, const char *format, double number)
{
	struct line line = {0};
	for (; *format != '\0'; format++) {
		if (*format == '%')
			put_real(&line, number);
		else
			put_char(&line, *format);
	}
	return status;
}
