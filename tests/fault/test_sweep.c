/* Every call of the library that allocates or touches files, with the n-th allocation or call of the system failing,
 * once and from then on, for every n until none does: the documented status, one line that tells, nothing leaked,
 * nothing changed; *out is NULL after a constructor; no temporary file and no descriptor is left.
 *
 *     test_sweep_32 [list]     list: the names of the calls that are swept */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "fault/faulty.h"
#include "fault/swept.h"

enum { MOST = 5000 };

static int64_t faults;

/* Digests of the world without a fault: before the call and after it. */
struct expected {
	struct bytes before, after;
};

static bool is_equal(const struct bytes *a, const struct bytes *b)
{
	return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static mlp_status call_with(const struct swept *item, struct world *w,
			    const struct fault_plan *with)
{
	int64_t blocks = plan.blocks, opened = plan.opened;
	plan = *with;
	plan.blocks = blocks;
	plan.opened = opened;
	mlp_status status = item->call(w);
	plan.kind = 0;
	return status;
}

static struct expected expect(const struct swept *item)
{
	struct expected expected;
	struct world *w = world_make();
	expected.before = world_digest(w);
	assert_ok(item->call(w));
	expected.after = world_digest(w);
	world_free(w);
	assert_int_equal(plan.blocks, 0);
	assert_int_equal(plan.opened, 0);
	return expected;
}

/* ---- after a failure ------------------------------------------------------------------------ */

static void check_line(const struct swept *item, const char *words)
{
	const char *line = mlp_last_error();
	if (line[0] == '\0' || strchr(line, '\n') != NULL || strstr(line, words) == NULL)
		fail_msg("%s: the line \"%s\" lacks \"%s\"", item->name, line, words);
}

/* What was there is there; where the new file had its name already, the new one is. */
static void check_world(const struct swept *item, struct world *w, const struct expected *expected)
{
	if (item->traits & SWEPT_GOES_ON) {
		assert_ok(item->call(w));
		struct bytes after = world_digest(w);
		if (!is_equal(&after, &expected->after))
			fail_msg("%s does not go on where it was, after fault %d of %s", item->name,
				 (int)plan.fails_at, plan.failed);
		bytes_free(&after);
		return;
	}
	struct bytes now = world_digest(w);
	if (!is_equal(&now, plan.renamed ? &expected->after : &expected->before))
		fail_msg("%s failed and changed something, fault %d, %s", item->name,
			 (int)plan.fails_at, plan.failed);
	bytes_free(&now);
}

static void check_success(const struct swept *item, struct world *w,
			  const struct expected *expected)
{
	struct bytes now = world_digest(w);
	if (!is_equal(&now, &expected->after))
		fail_msg("%s succeeded with another result, fault %d, %s", item->name,
			 (int)plan.fails_at, plan.failed != NULL ? plan.failed : "none");
	bytes_free(&now);
}

/* Whether the plan's fault came. */
static bool try_once(const struct swept *item, const struct fault_plan *with,
		     const struct expected *expected)
{
	struct world *w = world_make();
	int64_t blocks = plan.blocks;
	mlp_status status = call_with(item, w, with);
	const bool came = plan.failed != NULL;
	faults += came;
	assert_int_equal(plan.opened, 0);
	assert_false(w->kept_out);
	if (with->kind == FAULT_MEMORY) {
		if (came != (status != MLP_OK) || (came && status != MLP_ERR_MEMORY))
			fail_msg("%s: %s at allocation %d", item->name, mlp_status_name(status),
				 (int)with->fails_at);
	} else if (status != MLP_OK && status != MLP_ERR_IO) {
		fail_msg("%s: %s at call %d, %s", item->name, mlp_status_name(status),
			 (int)with->fails_at, plan.failed);
	} else if (came && status == MLP_OK && with->error != 0 && with->error != EINTR &&
		   strcmp(plan.failed, "close") != 0) {
		fail_msg("%s took no notice of %s", item->name, plan.failed);
	}
	if (status == MLP_OK) {
		check_success(item, w, expected);
	} else {
		check_line(item, with->kind == FAULT_MEMORY ? "memory" : strerror(with->error));
		if (!(item->traits & SWEPT_GOES_ON))
			assert_int_equal(plan.blocks, blocks);
		check_world(item, w, expected);
	}
	world_free(w);
	assert_int_equal(plan.blocks, 0);
	return came;
}

static void sweep(const struct swept *item, struct fault_plan with)
{
	struct expected expected = expect(item);
	int64_t n = 1;
	for (; n < MOST; n++) {
		with.fails_at = n;
		if (!try_once(item, &with, &expected))
			break;
	}
	if (n == 1 || n == MOST)
		fail_msg("%s: %d faults", item->name, (int)n - 1);
	bytes_free(&expected.before);
	bytes_free(&expected.after);
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void any_allocation_may_fail(void **state)
{
	(void)state;
	faults = 0;
	for (size_t i = 0; i < swept_count; i++)
		for (int after = 0; after <= 1; after++)
			sweep(&swept[i], (struct fault_plan){.kind = FAULT_MEMORY,
							     .and_after = after,
							     .error = ENOMEM});
	print_message("%d allocations failed\n", (int)faults);
}

static void sweep_files(int error, bool once, bool from_then_on)
{
	faults = 0;
	for (size_t i = 0; i < swept_count; i++)
		for (int after = !once; after <= from_then_on; after++)
			if (swept[i].traits & SWEPT_FILES)
				sweep(&swept[i], (struct fault_plan){.kind = FAULT_SYSTEM,
								     .and_after = after,
								     .error = error});
	print_message("%d calls failed: %s\n", (int)faults, error != 0 ? strerror(error) : "short");
}

static void any_call_of_the_system_may_fail(void **state)
{
	(void)state;
	sweep_files(EIO, true, true);
}

static void the_disk_may_be_full_at_any_call(void **state)
{
	(void)state;
	sweep_files(ENOSPC, true, true);
}

/* From then on would be a signal at every call: nothing could be done. */
static void a_signal_may_come_at_any_call(void **state)
{
	(void)state;
	sweep_files(EINTR, true, false);
}

static void reads_and_writes_may_be_short(void **state)
{
	(void)state;
	sweep_files(0, true, true);
}

static bool is_listed(const char *name)
{
	for (size_t i = 0; i < swept_count; i++)
		if (strcmp(swept[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < quiet_call_count; i++)
		if (strcmp(quiet_calls[i], name) == 0)
			return true;
	return false;
}

static void every_call_is_swept_or_quiet(void **state)
{
	(void)state;
	char name[128];
	int known = 0;
	FILE *symbols = fopen(MLP_SYMBOLS, "r");
	assert_non_null(symbols);
	while (fscanf(symbols, "%127s %*s", name) == 1) {
		size_t length = strlen(name);
		if (length > 4 && (strcmp(name + length - 4, "_f32") == 0 ||
				   strcmp(name + length - 4, "_f64") == 0))
			name[length - 4] = '\0';
		if (!is_listed(name))
			fail_msg("%s is neither in swept.c nor in quiet_calls.c", name);
		known++;
	}
	fclose(symbols);
	assert_true(known > 200);
	for (size_t i = 0; i < quiet_call_count; i++)
		for (size_t k = 0; k < swept_count; k++)
			assert_string_not_equal(quiet_calls[i], swept[k].name);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_swept_or_quiet),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(any_call_of_the_system_may_fail),
		cmocka_unit_test(the_disk_may_be_full_at_any_call),
		cmocka_unit_test(a_signal_may_come_at_any_call),
		cmocka_unit_test(reads_and_writes_may_be_short),
	};
	if (argc > 1 && strcmp(argv[1], "list") == 0) {
		for (size_t i = 0; i < swept_count; i++)
			printf("%s%s\n", swept[i].name,
			       swept[i].traits & SWEPT_FILES ? " files" : "");
		return 0;
	}
	faulty_begin();
	return cmocka_run_group_tests_name("sweep", tests, world_begin, world_end);
}
