/* The mode of the processor's floating-point arithmetic: how it rounds, and whether denormal numbers
 * count as zero. A thread's own; exception flags are not part of it and are left as they are.
 *
 * Compilers may move arithmetic across these calls: compute in functions of other files only. */
#ifndef MLP_BASE_FLOAT_MODE_H
#define MLP_BASE_FLOAT_MODE_H

#include <stdbool.h>

#if defined(__x86_64__)
#include <xmmintrin.h>

enum {
	MLP_MXCSR_FLAGS = 0x003f, /* which exceptions have happened */
	MLP_MXCSR_FLUSH = 0x8040  /* results (FTZ) and operands (DAZ) */
};

static inline bool mlp_can_flush_denormals(void)
{
	return true;
}

static inline unsigned long long mlp_float_mode(void)
{
	return _mm_getcsr() & ~(unsigned)MLP_MXCSR_FLAGS;
}

static inline void mlp_set_float_mode(unsigned long long mode)
{
	unsigned now = _mm_getcsr(), flags = now & MLP_MXCSR_FLAGS;
	if ((now ^ flags) != (unsigned)mode) /* writing is slower than reading */
		_mm_setcsr((unsigned)mode | flags);
}

static inline unsigned long long mlp_flushing_mode(unsigned long long mode)
{
	return mode | MLP_MXCSR_FLUSH;
}

#elif defined(__aarch64__)

static inline bool mlp_can_flush_denormals(void)
{
	return true;
}

static inline unsigned long long mlp_float_mode(void)
{
	unsigned long long mode;
	__asm__ volatile("mrs %0, fpcr" : "=r"(mode));
	return mode;
}

static inline void mlp_set_float_mode(unsigned long long mode)
{
	if (mlp_float_mode() != mode)
		__asm__ volatile("msr fpcr, %0" : : "r"(mode));
}

static inline unsigned long long mlp_flushing_mode(unsigned long long mode)
{
	return mode | (1ULL << 24); /* FZ */
}

#else

static inline bool mlp_can_flush_denormals(void)
{
	return false;
}

static inline unsigned long long mlp_float_mode(void)
{
	return 0;
}

static inline void mlp_set_float_mode(unsigned long long mode)
{
	(void)mode;
}

static inline unsigned long long mlp_flushing_mode(unsigned long long mode)
{
	return mode;
}

#endif

/* Count denormal numbers as zero in this thread; returns the mode to restore. */
static inline unsigned long long mlp_denormals_flush(void)
{
	unsigned long long old = mlp_float_mode();
	mlp_set_float_mode(mlp_flushing_mode(old));
	return old;
}

#endif
