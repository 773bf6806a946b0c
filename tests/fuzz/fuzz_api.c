/* Sequences of calls, legal and illegal, with whatever handles there are. After each: a documented status; a failure
 * has a line and has changed no network; nobody has written beside an array; and where the slow twin can tell, the
 * numbers are right. MLP_FUZZ_SHOW in the environment shows the calls. */
#include "fuzz/api_scene.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(struct scene *) = {
		play_steps_f32,    play_steps_f64,    play_forward_f32,     play_forward_f64,
		play_backward_f32, play_backward_f64, play_arrays_f32,      play_arrays_f64,
		play_rules_f32,    play_rules_f64,    play_derivatives_f32, play_derivatives_f64,
		play_networks,     play_settings,     play_scaling,         play_workspaces,
		play_optimizers,   play_live,         play_files,           play_steps_f32,
		play_rules_f32,    play_settings,     play_optimizers,      play_workspaces,
		play_trainer_f32,  play_trainer_f64,
	};
	struct scene scene;
	scene_begin(&scene, data, size);
	while (scene.at < scene.end)
		kinds[take(&scene, sizeof(kinds) / sizeof(kinds[0]))](&scene);
	scene_end(&scene);
	return 0;
}
