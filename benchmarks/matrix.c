/* The figures that libmlp is to reach. */
#include "matrix.h"

const struct step_goal step_goals[] = {
	{"17,64,64,6", 32, 1, {0.72, 0.62}, {0.62, 0.72}},
	{"32,128,128,1", 256, 1, {0.82, 0.75}, {0.80, 0.88}},
	{"784,512,256,10", 1, 1, {0.92, 0.85}, {0, 0}},
	{"784,512,256,10", 32, 1, {0.68, 0.60}, {0.74, 0.82}},
	{"784,512,256,10", 128, 1, {0.88, 0.84}, {0.87, 0.92}},
	{"784,512,256,10", 32, 2, {0.54, 0.46}, {0.70, 0.80}},
	{"784,512,256,10", 128, 2, {0.63, 0.58}, {0.84, 0.90}},
	{"479,1024,1024,512,256,1", 256, 1, {0.70, 0.63}, {0.80, 0.88}},
	{"1024,1024,1024,1024,1024,1024", 256, 2, {0.88, 0.82}, {0.82, 0.88}},
};
const size_t step_goal_count = sizeof step_goals / sizeof *step_goals;

const struct goal latency_goal = {0.45, 0};
const struct goal contention_goal = {3, 0};
const struct goal flatness_goal = {1.10, 0};

const char *verdict_at_most(double value, const struct goal *goal)
{
	if (goal->reach <= 0)
		return "";
	if (goal->stretch > 0 && value <= goal->stretch)
		return "stretch";
	return value <= goal->reach ? "reached" : "missed";
}

const char *verdict_at_least(double value, const struct goal *goal)
{
	if (goal->reach <= 0)
		return "";
	if (goal->stretch > 0 && value >= goal->stretch)
		return "stretch";
	return value >= goal->reach ? "reached" : "missed";
}
