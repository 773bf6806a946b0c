/* Published values, in every order in which the steps of a reader and of a writer may fall: what a reader
 * holds stays as it is. The window that the reader's second look closes is a few instructions wide; here
 * slots.c is compiled with a change of threads before every atomic operation, and all orders are gone
 * through, one run for each. */
#define _XOPEN_SOURCE 700 /* ucontext; NOLINT: the name is the C library's */
#include "support/test.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <ucontext.h>

static void let_others_run(void);
static void let_others_touch(const volatile void *number);

/* Sequentially consistent operations alone: an order of them is all that threads can make a difference by. */
#undef atomic_load
#undef atomic_store
#undef atomic_fetch_add
#undef atomic_fetch_sub
#define atomic_load(p)     (let_others_touch(p), atomic_load_explicit(p, memory_order_seq_cst))
#define atomic_store(p, v) (let_others_touch(p), atomic_store_explicit(p, v, memory_order_seq_cst))
#define atomic_fetch_add(p, v)                                                                     \
	(let_others_touch(p), atomic_fetch_add_explicit(p, v, memory_order_seq_cst))
#define atomic_fetch_sub(p, v)                                                                     \
	(let_others_touch(p), atomic_fetch_sub_explicit(p, v, memory_order_seq_cst))
#include "base/slots.c"

static struct mlp_slots slots;

/* ---- threads that run one at a time, in a given order ------------------------------------------ */

enum { THREADS = 2, MOST_STEPS = 200, STACK = 1 << 16 };

static struct {
	ucontext_t main, contexts[THREADS];
	char stacks[THREADS][STACK];
	bool runs[THREADS];
	int current;           /* -1: none */
	char who[MOST_STEPS];  /* ran at each step */
	bool both[MOST_STEPS]; /* could have */
	size_t step, given;    /* steps so far; those that are prescribed */
} schedule;

static void let_others_run(void)
{
	if (schedule.current >= 0)
		swapcontext(&schedule.contexts[schedule.current], &schedule.main);
}

/* Of the list of slots and the version only the writer knows: no order makes a difference there. */
static void let_others_touch(const volatile void *number)
{
	if (number != &slots.newest && number != &slots.version)
		let_others_run();
}

static void (*const bodies[THREADS])(void);

static void run_body(int thread)
{
	bodies[thread]();
	schedule.runs[thread] = false;
}

/* As prescribed, then the first one that still runs. */
static int next_thread(void)
{
	if (schedule.step < schedule.given)
		return schedule.who[schedule.step];
	return schedule.runs[0] ? 0 : 1;
}

static void prepare(int thread)
{
	ucontext_t *context = &schedule.contexts[thread];
	getcontext(context);
	context->uc_stack.ss_sp = schedule.stacks[thread];
	context->uc_stack.ss_size = STACK;
	context->uc_link = &schedule.main;
	makecontext(context, (void (*)(void))run_body, 1, thread);
	schedule.runs[thread] = true;
}

static void run_in_order(void)
{
	for (int t = 0; t < THREADS; t++)
		prepare(t);
	for (schedule.step = 0; schedule.runs[0] || schedule.runs[1]; schedule.step++) {
		assert_in_range(schedule.step, 0, MOST_STEPS - 1);
		schedule.current = next_thread();
		schedule.who[schedule.step] = (char)schedule.current;
		schedule.both[schedule.step] = schedule.runs[0] && schedule.runs[1];
		swapcontext(&schedule.main, &schedule.contexts[schedule.current]);
		schedule.current = -1;
	}
}

/* The next order: where two could run and the first one did, the last time, the second one does. */
static bool find_next_order(void)
{
	while (schedule.step-- > 0)
		if (schedule.both[schedule.step] && schedule.who[schedule.step] == 0) {
			schedule.who[schedule.step] = 1;
			schedule.given = schedule.step + 1;
			return true;
		}
	return false;
}

/* ---- a reader and a writer --------------------------------------------------------------------- */

enum { SLOTS = 4 };

/* What a slot holds, in two parts: one alone would be whole whenever it is looked at. */
struct content {
	int first, second;
};

static struct mlp_slot all[SLOTS];
static struct content contents[SLOTS];
static int used, publications, torn, changed, most_read;

static void write_content(struct content *content, int value)
{
	content->first = value;
	let_others_run();
	content->second = value;
}

/* As mlp_live_publish() does it. */
static void publish(int value)
{
	struct mlp_slot *slot = mlp_slots_unused(&slots);
	if (slot != NULL) {
		write_content(slot->content, value);
	} else {
		slot = &all[used];
		slot->content = &contents[used++];
		write_content(slot->content, value);
		mlp_slots_add(&slots, slot);
	}
	mlp_slots_publish(&slots, slot);
}

static void write_all(void)
{
	for (int i = 1; i <= publications; i++)
		publish(i);
}

static void read_once(void)
{
	struct mlp_slot *slot = mlp_slots_acquire(&slots);
	const struct content *content = slot->content;
	const int seen = content->first;
	torn += content->second != seen;
	let_others_run();
	changed += content->first != seen || content->second != seen;
	if (seen > most_read)
		most_read = seen;
	mlp_slot_release(slot);
}

static void (*const bodies[THREADS])(void) = {read_once, write_all};

static long go_through_all_orders(int count)
{
	long orders = 0;
	torn = changed = most_read = 0;
	publications = count;
	schedule.given = 0;
	do {
		mlp_slots_create(&slots);
		memset(all, 0, sizeof(all));
		used = 0;
		schedule.current = -1;
		publish(0);
		run_in_order();
		orders++;
	} while (find_next_order());
	return orders;
}

static void what_a_reader_holds_stays_as_it_is_in_every_order(void **state)
{
	(void)state;
	for (int count = 1; count <= 2; count++) {
		long orders = go_through_all_orders(count);
		printf("%d publications: %ld orders\n", count, orders);
		assert_true(orders > 100);
		assert_int_equal(torn, 0);
		assert_int_equal(changed, 0);
		assert_int_equal(most_read, count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_reader_holds_stays_as_it_is_in_every_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
