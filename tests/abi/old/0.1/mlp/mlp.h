/* What include/mlp declared in 0.1.0, by scripts/abi-header: programs in the field were compiled with this. */
#ifndef MLP_MLP_H
#define MLP_MLP_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
#define MLP_VERSION_MAJOR 0
#define MLP_VERSION_MINOR 1
#define MLP_VERSION_PATCH 0
#define MLP_ABI_VERSION   1
#define MLP_VERSION       (10000 * MLP_VERSION_MAJOR + 100 * MLP_VERSION_MINOR + MLP_VERSION_PATCH)
#if defined(_WIN32) && !defined(MLP_STATIC)
#ifdef MLP_BUILDING
#define MLP_API __declspec(dllexport)
#else
#define MLP_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define MLP_API __attribute__((visibility("default")))
#else
#define MLP_API
#endif
typedef enum mlp_status {
	MLP_OK = 0,
	MLP_ERR_NULL = -1,
	MLP_ERR_VALUE = -2,
	MLP_ERR_SIZE = -3,
	MLP_ERR_OVERFLOW = -4,
	MLP_ERR_STRIDE = -5,
	MLP_ERR_DTYPE = -6,
	MLP_ERR_INDEX = -7,
	MLP_ERR_BATCH = -8,
	MLP_ERR_SHAPE = -9,
	MLP_ERR_STATE = -10,
	MLP_ERR_LOSS = -11,
	MLP_ERR_NONFINITE = -12,
	MLP_ERR_MEMORY = -13,
	MLP_ERR_VERSION = -14,
	MLP_ERR_BLAS = -15,
	MLP_ERR_SYSTEM = -16,
	MLP_ERR_IO = -17,
	MLP_ERR_FORMAT = -18,
	MLP_ERR_LIMIT = -19,
	MLP_ERR_CALLBACK = -20,
	MLP_STATUS_MAX_ENUM = 0x7fffffff
} mlp_status;
MLP_API const char *mlp_status_name(mlp_status status);
MLP_API const char *mlp_last_error(void);
MLP_API int mlp_version(void);
MLP_API const char *mlp_version_string(void);
MLP_API int mlp_abi_version(void);
MLP_API mlp_status mlp_check_header(int header_version, int header_abi);
#define MLP_CHECK_HEADER() mlp_check_header(MLP_VERSION, MLP_ABI_VERSION)
typedef enum mlp_build_item {
	MLP_BUILD_VERSION = 1,
	MLP_BUILD_COMPILER = 2,
	MLP_BUILD_BLAS = 3,
	MLP_BUILD_BLAS_CONFIG = 4,
	MLP_BUILD_BLAS_INTEGER = 5,
	MLP_BUILD_BLAS_THREADS = 6,
	MLP_BUILD_INSTRUCTIONS = 7,
	MLP_BUILD_RULE = 8,
	MLP_BUILD_ITEM_MAX_ENUM = 0x7fffffff
} mlp_build_item;
MLP_API const char *mlp_build_info(mlp_build_item item);
MLP_API mlp_status mlp_blas_set_threads(int64_t threads);
MLP_API int64_t mlp_blas_threads(void);
typedef enum mlp_feature {
	MLP_FEATURE_F32 = 1,
	MLP_FEATURE_F64 = 2,
	MLP_FEATURE_TRACE = 3,
	MLP_FEATURE_ALLOCATOR = 4,
	MLP_FEATURE_BLAS_LOCK = 5,
	MLP_FEATURE_POOL = 6,
	MLP_FEATURE_MAX_ENUM = 0x7fffffff
} mlp_feature;
MLP_API int mlp_has_feature(mlp_feature feature);
typedef enum mlp_dtype { MLP_F32 = 1, MLP_F64 = 2, MLP_DTYPE_MAX_ENUM = 0x7fffffff } mlp_dtype;
typedef enum mlp_activation {
	MLP_IDENTITY = 1,
	MLP_SIGMOID = 2,
	MLP_TANH = 3,
	MLP_RELU = 4,
	MLP_LEAKY_RELU = 5,
	MLP_ELU = 6,
	MLP_SELU = 7,
	MLP_SOFTPLUS = 8,
	MLP_SOFTSIGN = 9,
	MLP_GELU = 10,
	MLP_SILU = 11,
	MLP_SIN = 12,
	MLP_SOFTMAX = 13,
	MLP_ACTIVATION_MAX_ENUM = 0x7fffffff
} mlp_activation;
typedef enum mlp_init {
	MLP_INIT_HE_UNIFORM = 1,
	MLP_INIT_HE_NORMAL = 2,
	MLP_INIT_GLOROT_UNIFORM = 3,
	MLP_INIT_GLOROT_NORMAL = 4,
	MLP_INIT_LECUN_NORMAL = 5,
	MLP_INIT_UNIFORM = 6,
	MLP_INIT_MAX_ENUM = 0x7fffffff
} mlp_init;
#define MLP_ALL_LAYERS    (-1)
#define MLP_HIDDEN_LAYERS (-2)
typedef struct mlp_allocator {
	size_t struct_size;
	void *(*allocate)(void *context, size_t alignment, size_t size);
	void (*deallocate)(void *context, void *memory, size_t alignment, size_t size);
	void *context;
} mlp_allocator;
typedef struct mlp_network mlp_network;
MLP_API mlp_status mlp_network_create(mlp_dtype dtype, const int64_t *widths, int64_t width_count,
				      mlp_network **net);
MLP_API mlp_status mlp_network_create_with(mlp_dtype dtype, const int64_t *widths,
					   int64_t width_count, const mlp_allocator *allocator,
					   mlp_network **net);
MLP_API mlp_status mlp_network_clone(const mlp_network *net, mlp_network **clone);
MLP_API mlp_status mlp_network_convert(const mlp_network *net, mlp_dtype dtype, mlp_network **copy);
MLP_API mlp_status mlp_network_digest(const mlp_network *net, uint64_t *digest);
MLP_API void mlp_network_free(mlp_network *net);
MLP_API mlp_dtype mlp_network_dtype(const mlp_network *net);
MLP_API int64_t mlp_network_layer_count(const mlp_network *net);
MLP_API int64_t mlp_network_width(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_network_set_activation(mlp_network *net, int64_t layer,
					      mlp_activation activation);
MLP_API mlp_activation mlp_network_activation(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_network_set_activation_parameter(mlp_network *net, int64_t layer,
							double value);
MLP_API double mlp_network_activation_parameter(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_network_set_bias(mlp_network *net, int64_t layer, int enabled);
MLP_API int mlp_network_has_bias(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_network_set_frozen(mlp_network *net, int64_t layer, int frozen);
MLP_API int mlp_network_is_frozen(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_network_init(mlp_network *net, int64_t layer, mlp_init init,
				    double parameter, uint64_t seed);
MLP_API const char *mlp_activation_name(mlp_activation activation);
MLP_API mlp_activation mlp_activation_from_name(const char *name);
MLP_API int64_t mlp_network_parameter_count(const mlp_network *net);
MLP_API mlp_status mlp_network_layout(const mlp_network *net, int64_t layer, int64_t *w_offset,
				      int64_t *b_offset);
MLP_API float *mlp_network_parameters_f32(mlp_network *net);
MLP_API double *mlp_network_parameters_f64(mlp_network *net);
MLP_API const float *mlp_network_const_parameters_f32(const mlp_network *net);
MLP_API const double *mlp_network_const_parameters_f64(const mlp_network *net);
MLP_API mlp_status mlp_network_get_parameters_f32(const mlp_network *net, float *parameters,
						  int64_t count);
MLP_API mlp_status mlp_network_get_parameters_f64(const mlp_network *net, double *parameters,
						  int64_t count);
MLP_API mlp_status mlp_network_set_parameters_f32(mlp_network *net, const float *parameters,
						  int64_t count);
MLP_API mlp_status mlp_network_set_parameters_f64(mlp_network *net, const double *parameters,
						  int64_t count);
MLP_API mlp_status mlp_network_get_weights_f32(const mlp_network *net, int64_t layer, float *w,
					       int64_t ld_w);
MLP_API mlp_status mlp_network_get_weights_f64(const mlp_network *net, int64_t layer, double *w,
					       int64_t ld_w);
MLP_API mlp_status mlp_network_set_weights_f32(mlp_network *net, int64_t layer, const float *w,
					       int64_t ld_w);
MLP_API mlp_status mlp_network_set_weights_f64(mlp_network *net, int64_t layer, const double *w,
					       int64_t ld_w);
MLP_API mlp_status mlp_network_get_biases_f32(const mlp_network *net, int64_t layer, float *b);
MLP_API mlp_status mlp_network_get_biases_f64(const mlp_network *net, int64_t layer, double *b);
MLP_API mlp_status mlp_network_set_biases_f32(mlp_network *net, int64_t layer, const float *b);
MLP_API mlp_status mlp_network_set_biases_f64(mlp_network *net, int64_t layer, const double *b);
MLP_API mlp_status mlp_network_set_note(mlp_network *net, const char *key, const char *text);
MLP_API const char *mlp_network_note(const mlp_network *net, const char *key);
MLP_API int64_t mlp_network_note_count(const mlp_network *net);
MLP_API const char *mlp_network_note_key(const mlp_network *net, int64_t i);
typedef enum mlp_scaling {
	MLP_SCALING_NONE = 1,
	MLP_SCALING_STANDARD = 2,
	MLP_SCALING_MIN_MAX = 3,
	MLP_SCALING_MAX_ENUM = 0x7fffffff
} mlp_scaling;
MLP_API const char *mlp_scaling_name(mlp_scaling scaling);
MLP_API mlp_scaling mlp_scaling_from_name(const char *name);
MLP_API mlp_status mlp_network_fit_input_scaling_f32(mlp_network *net, mlp_scaling scaling,
						     const float *x, int64_t ld_x, int64_t rows);
MLP_API mlp_status mlp_network_fit_input_scaling_f64(mlp_network *net, mlp_scaling scaling,
						     const double *x, int64_t ld_x, int64_t rows);
MLP_API mlp_status mlp_network_fit_output_scaling_f32(mlp_network *net, mlp_scaling scaling,
						      const float *target, int64_t ld_target,
						      int64_t rows);
MLP_API mlp_status mlp_network_fit_output_scaling_f64(mlp_network *net, mlp_scaling scaling,
						      const double *target, int64_t ld_target,
						      int64_t rows);
MLP_API mlp_status mlp_network_set_input_scaling(mlp_network *net, const double *shift,
						 const double *scale);
MLP_API mlp_status mlp_network_set_output_scaling(mlp_network *net, const double *shift,
						  const double *scale);
MLP_API mlp_status mlp_network_get_input_scaling(const mlp_network *net, double *shift,
						 double *scale);
MLP_API mlp_status mlp_network_get_output_scaling(const mlp_network *net, double *shift,
						  double *scale);
MLP_API int mlp_network_has_input_scaling(const mlp_network *net);
MLP_API int mlp_network_has_output_scaling(const mlp_network *net);
MLP_API mlp_status mlp_network_fold_scaling(mlp_network *net);
MLP_API mlp_status mlp_network_fit_domain_f32(mlp_network *net, const float *x, int64_t ld_x,
					      int64_t rows);
MLP_API mlp_status mlp_network_fit_domain_f64(mlp_network *net, const double *x, int64_t ld_x,
					      int64_t rows);
MLP_API mlp_status mlp_network_set_domain(mlp_network *net, const double *lowest,
					  const double *highest);
MLP_API mlp_status mlp_network_get_domain(const mlp_network *net, double *lowest, double *highest);
MLP_API int mlp_network_has_domain(const mlp_network *net);
MLP_API mlp_status mlp_network_outside_f32(const mlp_network *net, const float *x, int64_t ld_x,
					   int64_t rows, double margin, int64_t *outside,
					   int64_t *rows_outside);
MLP_API mlp_status mlp_network_outside_f64(const mlp_network *net, const double *x, int64_t ld_x,
					   int64_t rows, double margin, int64_t *outside,
					   int64_t *rows_outside);
typedef struct mlp_pool mlp_pool;
MLP_API mlp_status mlp_pool_create(int64_t workers, mlp_pool **pool);
typedef void (*mlp_job)(void *job_data, int64_t index);
typedef void (*mlp_parallel_for)(void *context, int64_t count, mlp_job job, void *job_data);
MLP_API mlp_status mlp_pool_create_from(int64_t workers, mlp_parallel_for parallel_for,
					void *context, mlp_pool **pool);
MLP_API void mlp_pool_free(mlp_pool *pool);
MLP_API int64_t mlp_pool_workers(const mlp_pool *pool);
MLP_API mlp_status mlp_pool_pin(mlp_pool *pool, const int64_t *cpus, int64_t count);
MLP_API int64_t mlp_pool_tasks(const mlp_pool *pool, int64_t worker);
typedef enum mlp_mode {
	MLP_INFERENCE = 1,
	MLP_TRAINING = 2,
	MLP_TRACE = 3,
	MLP_MODE_MAX_ENUM = 0x7fffffff
} mlp_mode;
typedef struct mlp_workspace mlp_workspace;
MLP_API mlp_status mlp_workspace_create(const mlp_network *net, int64_t max_batch, mlp_mode mode,
					mlp_workspace **workspace);
MLP_API mlp_status mlp_workspace_size(const mlp_network *net, int64_t max_batch, mlp_mode mode,
				      size_t *bytes);
MLP_API void mlp_workspace_free(mlp_workspace *ws);
MLP_API int64_t mlp_workspace_max_batch(const mlp_workspace *ws);
MLP_API mlp_mode mlp_workspace_mode(const mlp_workspace *ws);
MLP_API mlp_status mlp_workspace_set_pool(mlp_workspace *ws, mlp_pool *pool);
MLP_API mlp_status mlp_workspace_set_flush_denormals(mlp_workspace *ws, int flush);
typedef enum mlp_tuning {
	MLP_TUNING_PRODUCTS = 1,
	MLP_TUNING_SCHEDULE = 2,
	MLP_TUNING_INSTRUCTIONS = 3,
	MLP_TUNING_MAX_ENUM = 0x7fffffff
} mlp_tuning;
typedef enum mlp_products {
	MLP_PRODUCTS_OWN = 1,
	MLP_PRODUCTS_TILES = 2,
	MLP_PRODUCTS_WHOLE = 3,
	MLP_PRODUCTS_MAX_ENUM = 0x7fffffff
} mlp_products;
typedef enum mlp_schedule {
	MLP_SCHEDULE_SAMPLES = 1,
	MLP_SCHEDULE_OUTPUTS = 2,
	MLP_SCHEDULE_MAX_ENUM = 0x7fffffff
} mlp_schedule;
typedef enum mlp_instructions {
	MLP_INSTRUCTIONS_BASELINE = 1,
	MLP_INSTRUCTIONS_AVX2 = 2,
	MLP_INSTRUCTIONS_AVX512 = 3,
	MLP_INSTRUCTIONS_MAX_ENUM = 0x7fffffff
} mlp_instructions;
MLP_API mlp_status mlp_workspace_set_tuning(mlp_workspace *ws, mlp_tuning tuning, int64_t value);
MLP_API int64_t mlp_workspace_tuning(const mlp_workspace *ws, mlp_tuning tuning, int64_t batch);
typedef enum mlp_quantity {
	MLP_X = 1,
	MLP_S = 2,
	MLP_DL_DX = 3,
	MLP_DL_DS = 4,
	MLP_QUANTITY_MAX_ENUM = 0x7fffffff
} mlp_quantity;
MLP_API mlp_status mlp_workspace_read_f32(const mlp_workspace *ws, mlp_quantity quantity,
					  int64_t layer, int64_t batch, float *out, int64_t ld_out);
MLP_API mlp_status mlp_workspace_read_f64(const mlp_workspace *ws, mlp_quantity quantity,
					  int64_t layer, int64_t batch, double *out,
					  int64_t ld_out);
MLP_API mlp_status mlp_network_set_dropout(mlp_network *net, int64_t layer, double rate);
MLP_API double mlp_network_dropout(const mlp_network *net, int64_t layer);
MLP_API mlp_status mlp_workspace_set_dropout(mlp_workspace *ws, uint64_t seed, uint64_t pass);
MLP_API uint64_t mlp_workspace_dropout_seed(const mlp_workspace *ws);
MLP_API uint64_t mlp_workspace_dropout_pass(const mlp_workspace *ws);
MLP_API mlp_status mlp_predict_f32(const mlp_network *net, const float *x, int64_t ld_x,
				   int64_t batch, float *y, int64_t ld_y);
MLP_API mlp_status mlp_predict_f64(const mlp_network *net, const double *x, int64_t ld_x,
				   int64_t batch, double *y, int64_t ld_y);
MLP_API mlp_status mlp_forward_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				   int64_t ld_x, int64_t batch, float *y, int64_t ld_y);
MLP_API mlp_status mlp_forward_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				   int64_t ld_x, int64_t batch, double *y, int64_t ld_y);
MLP_API mlp_status mlp_backward_f32(const mlp_network *net, mlp_workspace *ws, const float *dl_dx,
				    int64_t ld_dl_dx, int64_t batch, int accumulate, float *grad,
				    float *dl_dx0, int64_t ld_dl_dx0);
MLP_API mlp_status mlp_backward_f64(const mlp_network *net, mlp_workspace *ws, const double *dl_dx,
				    int64_t ld_dl_dx, int64_t batch, int accumulate, double *grad,
				    double *dl_dx0, int64_t ld_dl_dx0);
MLP_API mlp_status mlp_backward_logits_f32(const mlp_network *net, mlp_workspace *ws,
					   const float *dl_ds, int64_t ld_dl_ds, int64_t batch,
					   int accumulate, float *grad, float *dl_dx0,
					   int64_t ld_dl_dx0);
MLP_API mlp_status mlp_backward_logits_f64(const mlp_network *net, mlp_workspace *ws,
					   const double *dl_ds, int64_t ld_dl_ds, int64_t batch,
					   int accumulate, double *grad, double *dl_dx0,
					   int64_t ld_dl_dx0);
MLP_API mlp_status mlp_update_f32(mlp_network *net, mlp_workspace *ws, const float *grad,
				  double eta);
MLP_API mlp_status mlp_update_f64(mlp_network *net, mlp_workspace *ws, const double *grad,
				  double eta);
MLP_API mlp_status mlp_activation_f32(mlp_activation activation, double parameter, const float *s,
				      int64_t count, float *x, float *derivative);
MLP_API mlp_status mlp_activation_f64(mlp_activation activation, double parameter, const double *s,
				      int64_t count, double *x, double *derivative);
typedef enum mlp_loss {
	MLP_SQUARED_ERROR = 1,
	MLP_ABSOLUTE_ERROR = 2,
	MLP_HUBER = 3,
	MLP_LOG_COSH = 4,
	MLP_BINARY_CROSS_ENTROPY = 5,
	MLP_CROSS_ENTROPY = 6,
	MLP_POISSON = 7,
	MLP_LOSS_MAX_ENUM = 0x7fffffff
} mlp_loss;
typedef enum mlp_reduction {
	MLP_MEAN = 1,
	MLP_SUM = 2,
	MLP_NONE = 3,
	MLP_REDUCTION_MAX_ENUM = 0x7fffffff
} mlp_reduction;
MLP_API const char *mlp_loss_name(mlp_loss loss);
MLP_API mlp_loss mlp_loss_from_name(const char *name);
MLP_API int mlp_loss_reads_logits(mlp_loss loss);
MLP_API mlp_status mlp_loss_f32(mlp_loss loss, double parameter, const float *y, int64_t ld_y,
				const float *target, int64_t ld_target, const float *weight,
				int64_t batch, int64_t width, mlp_reduction reduction,
				double *value, float *dl_dy, int64_t ld_dl_dy);
MLP_API mlp_status mlp_loss_f64(mlp_loss loss, double parameter, const double *y, int64_t ld_y,
				const double *target, int64_t ld_target, const double *weight,
				int64_t batch, int64_t width, mlp_reduction reduction,
				double *value, double *dl_dy, int64_t ld_dl_dy);
MLP_API mlp_status mlp_loss_class_f32(mlp_loss loss, double parameter, const float *s, int64_t ld_s,
				      const int64_t *target, const float *weight, int64_t batch,
				      int64_t width, mlp_reduction reduction, double *value,
				      float *dl_ds, int64_t ld_dl_ds);
MLP_API mlp_status mlp_loss_class_f64(mlp_loss loss, double parameter, const double *s,
				      int64_t ld_s, const int64_t *target, const double *weight,
				      int64_t batch, int64_t width, mlp_reduction reduction,
				      double *value, double *dl_ds, int64_t ld_dl_ds);
MLP_API mlp_status mlp_evaluate_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, const float *target, int64_t ld_target,
				    const float *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, double *value,
				    float *y, int64_t ld_y);
MLP_API mlp_status mlp_evaluate_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, const double *target, int64_t ld_target,
				    const double *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, double *value,
				    double *y, int64_t ld_y);
MLP_API mlp_status mlp_evaluate_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const int64_t *target, const float *weight,
					  int64_t batch, mlp_loss loss, double parameter,
					  mlp_reduction reduction, double *value, float *y,
					  int64_t ld_y);
MLP_API mlp_status mlp_evaluate_class_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const int64_t *target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value,
					  double *y, int64_t ld_y);
MLP_API mlp_status mlp_gradient_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, const float *target, int64_t ld_target,
				    const float *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, int accumulate,
				    double *value, float *grad, float *dl_dx0, int64_t ld_dl_dx0);
MLP_API mlp_status mlp_gradient_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, const double *target, int64_t ld_target,
				    const double *weight, int64_t batch, mlp_loss loss,
				    double parameter, mlp_reduction reduction, int accumulate,
				    double *value, double *grad, double *dl_dx0, int64_t ld_dl_dx0);
MLP_API mlp_status mlp_gradient_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const int64_t *target, const float *weight,
					  int64_t batch, mlp_loss loss, double parameter,
					  mlp_reduction reduction, int accumulate, double *value,
					  float *grad, float *dl_dx0, int64_t ld_dl_dx0);
MLP_API mlp_status mlp_gradient_class_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const int64_t *target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, int accumulate,
					  double *value, double *grad, double *dl_dx0,
					  int64_t ld_dl_dx0);
MLP_API mlp_status mlp_train_step_f32(mlp_network *net, mlp_workspace *ws, const float *x,
				      int64_t ld_x, const float *target, int64_t ld_target,
				      const float *weight, int64_t batch, mlp_loss loss,
				      double parameter, mlp_reduction reduction, double eta,
				      double *value);
MLP_API mlp_status mlp_train_step_f64(mlp_network *net, mlp_workspace *ws, const double *x,
				      int64_t ld_x, const double *target, int64_t ld_target,
				      const double *weight, int64_t batch, mlp_loss loss,
				      double parameter, mlp_reduction reduction, double eta,
				      double *value);
MLP_API mlp_status mlp_train_step_class_f32(mlp_network *net, mlp_workspace *ws, const float *x,
					    int64_t ld_x, const int64_t *target,
					    const float *weight, int64_t batch, mlp_loss loss,
					    double parameter, mlp_reduction reduction, double eta,
					    double *value);
MLP_API mlp_status mlp_train_step_class_f64(mlp_network *net, mlp_workspace *ws, const double *x,
					    int64_t ld_x, const int64_t *target,
					    const double *weight, int64_t batch, mlp_loss loss,
					    double parameter, mlp_reduction reduction, double eta,
					    double *value);
typedef enum mlp_optimizer_kind {
	MLP_SGD = 1,
	MLP_RMSPROP = 2,
	MLP_ADAM = 3,
	MLP_ADAMW = 4,
	MLP_IRPROP_MINUS = 5,
	MLP_LBFGS = 6,
	MLP_OPTIMIZER_KIND_MAX_ENUM = 0x7fffffff
} mlp_optimizer_kind;
typedef enum mlp_hyper {
	MLP_HYPER_ETA = 1,
	MLP_HYPER_MOMENTUM = 2,
	MLP_HYPER_NESTEROV = 3,
	MLP_HYPER_RHO = 4,
	MLP_HYPER_BETA_1 = 5,
	MLP_HYPER_BETA_2 = 6,
	MLP_HYPER_EPSILON = 7,
	MLP_HYPER_L2 = 8,
	MLP_HYPER_WEIGHT_DECAY = 9,
	MLP_HYPER_DECAY_BIASES = 10,
	MLP_HYPER_CLIP_NORM = 11,
	MLP_HYPER_CLIP_VALUE = 12,
	MLP_HYPER_MAX_NORM = 13,
	MLP_HYPER_ETA_MINUS = 14,
	MLP_HYPER_ETA_PLUS = 15,
	MLP_HYPER_DELTA_0 = 16,
	MLP_HYPER_DELTA_MIN = 17,
	MLP_HYPER_DELTA_MAX = 18,
	MLP_HYPER_HISTORY = 19,
	MLP_HYPER_C1 = 20,
	MLP_HYPER_C2 = 21,
	MLP_HYPER_TRIALS = 22,
	MLP_HYPER_MAX_ENUM = 0x7fffffff
} mlp_hyper;
typedef struct mlp_optimizer mlp_optimizer;
MLP_API const char *mlp_optimizer_name(mlp_optimizer_kind kind);
MLP_API mlp_optimizer_kind mlp_optimizer_from_name(const char *name);
MLP_API const char *mlp_hyper_name(mlp_hyper hyper);
MLP_API mlp_hyper mlp_hyper_from_name(const char *name);
MLP_API mlp_status mlp_optimizer_create(const mlp_network *net, mlp_optimizer_kind kind,
					mlp_optimizer **optimizer);
MLP_API void mlp_optimizer_free(mlp_optimizer *optimizer);
MLP_API mlp_optimizer_kind mlp_optimizer_kind_of(const mlp_optimizer *optimizer);
MLP_API mlp_status mlp_optimizer_set(mlp_optimizer *optimizer, mlp_hyper hyper, double value);
MLP_API double mlp_optimizer_get(const mlp_optimizer *optimizer, mlp_hyper hyper);
MLP_API mlp_status mlp_optimizer_bounds(const mlp_optimizer *optimizer, mlp_hyper hyper,
					double *lowest, double *highest);
MLP_API mlp_status mlp_optimizer_reset(mlp_optimizer *optimizer);
MLP_API int64_t mlp_optimizer_steps(const mlp_optimizer *optimizer);
MLP_API int64_t mlp_optimizer_slot_count(const mlp_optimizer *optimizer);
MLP_API const char *mlp_optimizer_slot_name(const mlp_optimizer *optimizer, int64_t slot);
MLP_API float *mlp_optimizer_slot_f32(mlp_optimizer *optimizer, int64_t slot);
MLP_API double *mlp_optimizer_slot_f64(mlp_optimizer *optimizer, int64_t slot);
MLP_API int64_t mlp_optimizer_scalar_count(const mlp_optimizer *optimizer);
MLP_API const char *mlp_optimizer_scalar_name(const mlp_optimizer *optimizer, int64_t scalar);
MLP_API double mlp_optimizer_scalar(const mlp_optimizer *optimizer, int64_t scalar);
MLP_API mlp_status mlp_optimizer_set_scalar(mlp_optimizer *optimizer, int64_t scalar, double value);
MLP_API mlp_status mlp_optimizer_update_f32(mlp_optimizer *optimizer, mlp_network *net,
					    mlp_workspace *ws, const float *grad);
MLP_API mlp_status mlp_optimizer_update_f64(mlp_optimizer *optimizer, mlp_network *net,
					    mlp_workspace *ws, const double *grad);
MLP_API mlp_status mlp_optimizer_step_f32(mlp_optimizer *optimizer, mlp_network *net,
					  mlp_workspace *ws, const float *x, int64_t ld_x,
					  const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value);
MLP_API mlp_status mlp_optimizer_step_f64(mlp_optimizer *optimizer, mlp_network *net,
					  mlp_workspace *ws, const double *x, int64_t ld_x,
					  const double *target, int64_t ld_target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double *value);
MLP_API mlp_status mlp_optimizer_step_class_f32(mlp_optimizer *optimizer, mlp_network *net,
						mlp_workspace *ws, const float *x, int64_t ld_x,
						const int64_t *target, const float *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, double *value);
MLP_API mlp_status mlp_optimizer_step_class_f64(mlp_optimizer *optimizer, mlp_network *net,
						mlp_workspace *ws, const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, double *value);
typedef mlp_status (*mlp_closure_f32)(void *context, const mlp_network *net, double *value,
				      float *grad);
typedef mlp_status (*mlp_closure_f64)(void *context, const mlp_network *net, double *value,
				      double *grad);
MLP_API mlp_status mlp_optimizer_minimize_f32(mlp_optimizer *optimizer, mlp_network *net,
					      mlp_workspace *ws, mlp_closure_f32 closure,
					      void *context, double *value);
MLP_API mlp_status mlp_optimizer_minimize_f64(mlp_optimizer *optimizer, mlp_network *net,
					      mlp_workspace *ws, mlp_closure_f64 closure,
					      void *context, double *value);
MLP_API mlp_status mlp_vjp_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
			       int64_t ld_x, int64_t batch, const float *v, int64_t ld_v, float *y,
			       int64_t ld_y, float *vjp, int64_t ld_vjp);
MLP_API mlp_status mlp_vjp_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
			       int64_t ld_x, int64_t batch, const double *v, int64_t ld_v,
			       double *y, int64_t ld_y, double *vjp, int64_t ld_vjp);
MLP_API mlp_status mlp_jvp_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
			       int64_t ld_x, int64_t batch, const float *v, int64_t ld_v, float *y,
			       int64_t ld_y, float *jvp, int64_t ld_jvp);
MLP_API mlp_status mlp_jvp_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
			       int64_t ld_x, int64_t batch, const double *v, int64_t ld_v,
			       double *y, int64_t ld_y, double *jvp, int64_t ld_jvp);
MLP_API mlp_status mlp_jacobian_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				    int64_t ld_x, int64_t batch, float *y, int64_t ld_y,
				    float *jacobian, int64_t ld_jacobian);
MLP_API mlp_status mlp_jacobian_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				    int64_t ld_x, int64_t batch, double *y, int64_t ld_y,
				    double *jacobian, int64_t ld_jacobian);
MLP_API mlp_status mlp_hessian_vector_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, const float *v,
					  float *hv);
MLP_API mlp_status mlp_hessian_vector_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const double *target,
					  int64_t ld_target, const double *weight, int64_t batch,
					  mlp_loss loss, double parameter, mlp_reduction reduction,
					  const double *v, double *hv);
MLP_API mlp_status mlp_hessian_vector_class_f32(const mlp_network *net, mlp_workspace *ws,
						const float *x, int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						const float *v, float *hv);
MLP_API mlp_status mlp_hessian_vector_class_f64(const mlp_network *net, mlp_workspace *ws,
						const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						mlp_reduction reduction, const double *v,
						double *hv);
MLP_API mlp_status mlp_gradient_norms_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					  int64_t ld_x, const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, double *norms);
MLP_API mlp_status mlp_gradient_norms_f64(const mlp_network *net, mlp_workspace *ws,
					  const double *x, int64_t ld_x, const double *target,
					  int64_t ld_target, const double *weight, int64_t batch,
					  mlp_loss loss, double parameter, double *norms);
MLP_API mlp_status mlp_gradient_norms_class_f32(const mlp_network *net, mlp_workspace *ws,
						const float *x, int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, double *norms);
MLP_API mlp_status mlp_gradient_norms_class_f64(const mlp_network *net, mlp_workspace *ws,
						const double *x, int64_t ld_x,
						const int64_t *target, const double *weight,
						int64_t batch, mlp_loss loss, double parameter,
						double *norms);
MLP_API mlp_status mlp_gradient_rows_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					 int64_t ld_x, const float *target, int64_t ld_target,
					 const float *weight, int64_t batch, mlp_loss loss,
					 double parameter, float *grads, int64_t ld_grads);
MLP_API mlp_status mlp_gradient_rows_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
					 int64_t ld_x, const double *target, int64_t ld_target,
					 const double *weight, int64_t batch, mlp_loss loss,
					 double parameter, double *grads, int64_t ld_grads);
MLP_API mlp_status mlp_gradient_rows_class_f32(const mlp_network *net, mlp_workspace *ws,
					       const float *x, int64_t ld_x, const int64_t *target,
					       const float *weight, int64_t batch, mlp_loss loss,
					       double parameter, float *grads, int64_t ld_grads);
MLP_API mlp_status mlp_gradient_rows_class_f64(const mlp_network *net, mlp_workspace *ws,
					       const double *x, int64_t ld_x, const int64_t *target,
					       const double *weight, int64_t batch, mlp_loss loss,
					       double parameter, double *grads, int64_t ld_grads);
MLP_API mlp_status mlp_gradient_check_f32(const mlp_network *net, const float *x, int64_t ld_x,
					  const float *target, int64_t ld_target,
					  const float *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double step,
					  int64_t *worst_index, double *analytic, double *numeric,
					  double *worst_error);
MLP_API mlp_status mlp_gradient_check_f64(const mlp_network *net, const double *x, int64_t ld_x,
					  const double *target, int64_t ld_target,
					  const double *weight, int64_t batch, mlp_loss loss,
					  double parameter, mlp_reduction reduction, double step,
					  int64_t *worst_index, double *analytic, double *numeric,
					  double *worst_error);
MLP_API mlp_status mlp_gradient_check_class_f32(const mlp_network *net, const float *x,
						int64_t ld_x, const int64_t *target,
						const float *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						double step, int64_t *worst_index, double *analytic,
						double *numeric, double *worst_error);
MLP_API mlp_status mlp_gradient_check_class_f64(const mlp_network *net, const double *x,
						int64_t ld_x, const int64_t *target,
						const double *weight, int64_t batch, mlp_loss loss,
						double parameter, mlp_reduction reduction,
						double step, int64_t *worst_index, double *analytic,
						double *numeric, double *worst_error);
typedef struct mlp_live mlp_live;
MLP_API mlp_status mlp_live_create(const mlp_network *net, mlp_live **live);
MLP_API void mlp_live_free(mlp_live *live);
MLP_API mlp_status mlp_live_publish(mlp_live *live, const mlp_network *net);
MLP_API const mlp_network *mlp_live_acquire(mlp_live *live);
MLP_API void mlp_live_release(mlp_live *live, const mlp_network *net);
MLP_API uint64_t mlp_live_version(const mlp_live *live);
MLP_API uint64_t mlp_live_version_of(const mlp_live *live, const mlp_network *net);
MLP_API int64_t mlp_live_networks(const mlp_live *live);
typedef enum mlp_pass {
	MLP_PASS_FORWARD = 1,
	MLP_PASS_BACKWARD = 2,
	MLP_PASS_BACKWARD_INPUT = 3,
	MLP_PASS_UPDATE = 4,
	MLP_PASS_MAX_ENUM = 0x7fffffff
} mlp_pass;
MLP_API mlp_status mlp_network_cost(const mlp_network *net, mlp_pass pass, int64_t batch,
				    int64_t *flop, int64_t *bytes);
typedef int (*mlp_write_function)(void *context, const void *data, size_t size);
typedef int64_t (*mlp_read_function)(void *context, void *data, size_t size);
MLP_API mlp_status mlp_network_save(const mlp_network *net, const char *path);
MLP_API mlp_status mlp_network_save_to(const mlp_network *net, mlp_write_function write,
				       void *context);
typedef struct mlp_load_options mlp_load_options;
typedef enum mlp_load_limit {
	MLP_LOAD_MAX_BYTES = 1,
	MLP_LOAD_MAX_HEADER_BYTES = 2,
	MLP_LOAD_MAX_TENSORS = 3,
	MLP_LOAD_MAX_LAYERS = 4,
	MLP_LOAD_MAX_WIDTH = 5,
	MLP_LOAD_MAX_PARAMETERS = 6,
	MLP_LOAD_LIMIT_MAX_ENUM = 0x7fffffff
} mlp_load_limit;
MLP_API mlp_status mlp_load_options_create(mlp_load_options **options);
MLP_API void mlp_load_options_free(mlp_load_options *options);
MLP_API mlp_status mlp_load_options_set(mlp_load_options *options, mlp_load_limit limit,
					int64_t value);
MLP_API int64_t mlp_load_options_get(const mlp_load_options *options, mlp_load_limit limit);
MLP_API mlp_status mlp_load_options_set_dtype(mlp_load_options *options, mlp_dtype dtype);
MLP_API mlp_status mlp_load_options_set_activations(mlp_load_options *options,
						    mlp_activation hidden, mlp_activation output);
MLP_API mlp_status mlp_load_options_set_allocator(mlp_load_options *options,
						  const mlp_allocator *allocator);
MLP_API mlp_status mlp_network_load(const char *path, const mlp_load_options *options,
				    mlp_network **net);
MLP_API mlp_status mlp_network_load_memory(const void *data, size_t size,
					   const mlp_load_options *options, mlp_network **net);
MLP_API mlp_status mlp_network_load_from(mlp_read_function read, void *context,
					 const mlp_load_options *options, mlp_network **net);
MLP_API mlp_status mlp_export_c(const mlp_network *net, const char *name, const char *path);
MLP_API mlp_status mlp_export_c_to(const mlp_network *net, const char *name,
				   mlp_write_function write, void *context);
typedef enum mlp_metric {
	MLP_METRIC_LOSS = 1,
	MLP_METRIC_ACCURACY = 2,
	MLP_METRIC_RMSE = 3,
	MLP_METRIC_MAE = 4,
	MLP_METRIC_R2 = 5,
	MLP_METRIC_MAX_ENUM = 0x7fffffff
} mlp_metric;
MLP_API mlp_status mlp_measure_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
				   int64_t ld_x, const float *target, int64_t ld_target,
				   const float *weight, int64_t rows, mlp_loss loss,
				   double parameter, const mlp_metric *metrics, int64_t count,
				   double *values);
MLP_API mlp_status mlp_measure_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
				   int64_t ld_x, const double *target, int64_t ld_target,
				   const double *weight, int64_t rows, mlp_loss loss,
				   double parameter, const mlp_metric *metrics, int64_t count,
				   double *values);
MLP_API mlp_status mlp_measure_class_f32(const mlp_network *net, mlp_workspace *ws, const float *x,
					 int64_t ld_x, const int64_t *target, const float *weight,
					 int64_t rows, mlp_loss loss, double parameter,
					 const mlp_metric *metrics, int64_t count, double *values);
MLP_API mlp_status mlp_measure_class_f64(const mlp_network *net, mlp_workspace *ws, const double *x,
					 int64_t ld_x, const int64_t *target, const double *weight,
					 int64_t rows, mlp_loss loss, double parameter,
					 const mlp_metric *metrics, int64_t count, double *values);
MLP_API const char *mlp_metric_name(mlp_metric metric);
MLP_API mlp_metric mlp_metric_from_name(const char *name);
MLP_API int mlp_metric_should_rise(mlp_metric metric);
typedef enum mlp_rate_schedule_kind {
	MLP_RATE_CONSTANT = 1,
	MLP_RATE_STEP = 2,
	MLP_RATE_EXPONENTIAL = 3,
	MLP_RATE_COSINE = 4,
	MLP_RATE_PLATEAU = 5,
	MLP_RATE_SCHEDULE_KIND_MAX_ENUM = 0x7fffffff
} mlp_rate_schedule_kind;
typedef enum mlp_rate_schedule_item {
	MLP_RATE_WARMUP = 1,
	MLP_RATE_WARMUP_FACTOR = 2,
	MLP_RATE_FACTOR = 3,
	MLP_RATE_EVERY = 4,
	MLP_RATE_EPOCHS = 5,
	MLP_RATE_LOWEST = 6,
	MLP_RATE_PATIENCE = 7,
	MLP_RATE_MIN_DELTA = 8,
	MLP_RATE_COOLDOWN = 9,
	MLP_RATE_SCHEDULE_ITEM_MAX_ENUM = 0x7fffffff
} mlp_rate_schedule_item;
typedef struct mlp_rate_schedule mlp_rate_schedule;
MLP_API mlp_status mlp_rate_schedule_create(mlp_rate_schedule_kind kind,
					    mlp_rate_schedule **schedule);
MLP_API void mlp_rate_schedule_free(mlp_rate_schedule *schedule);
MLP_API mlp_rate_schedule_kind mlp_rate_schedule_kind_of(const mlp_rate_schedule *schedule);
MLP_API mlp_status mlp_rate_schedule_set(mlp_rate_schedule *schedule, mlp_rate_schedule_item item,
					 double value);
MLP_API double mlp_rate_schedule_get(const mlp_rate_schedule *schedule,
				     mlp_rate_schedule_item item);
MLP_API mlp_status mlp_rate_schedule_bounds(const mlp_rate_schedule *schedule,
					    mlp_rate_schedule_item item, double *lowest,
					    double *highest);
MLP_API double mlp_rate_schedule_factor(const mlp_rate_schedule *schedule, double epoch);
MLP_API mlp_status mlp_rate_schedule_observe(mlp_rate_schedule *schedule, double value);
MLP_API mlp_status mlp_rate_schedule_reset(mlp_rate_schedule *schedule);
MLP_API int64_t mlp_rate_schedule_state_count(const mlp_rate_schedule *schedule);
MLP_API const char *mlp_rate_schedule_state_name(const mlp_rate_schedule *schedule, int64_t i);
MLP_API double mlp_rate_schedule_state(const mlp_rate_schedule *schedule, int64_t i);
MLP_API mlp_status mlp_rate_schedule_set_state(mlp_rate_schedule *schedule, int64_t i,
					       double value);
MLP_API const char *mlp_rate_schedule_name(mlp_rate_schedule_kind kind);
MLP_API mlp_rate_schedule_kind mlp_rate_schedule_from_name(const char *name);
typedef struct mlp_trainer mlp_trainer;
typedef enum mlp_trainer_item {
	MLP_TRAINER_EPOCHS = 1,
	MLP_TRAINER_BATCH = 2,
	MLP_TRAINER_SHUFFLE = 3,
	MLP_TRAINER_VALIDATION_FRACTION = 4,
	MLP_TRAINER_PATIENCE = 5,
	MLP_TRAINER_MIN_DELTA = 6,
	MLP_TRAINER_RESTORE_BEST = 7,
	MLP_TRAINER_MEASURE_TRAINING = 8,
	MLP_TRAINER_ITEM_MAX_ENUM = 0x7fffffff
} mlp_trainer_item;
typedef enum mlp_split {
	MLP_SPLIT_TRAINING = 1,
	MLP_SPLIT_VALIDATION = 2,
	MLP_SPLIT_MAX_ENUM = 0x7fffffff
} mlp_split;
typedef enum mlp_event {
	MLP_EVENT_BATCH = 1,
	MLP_EVENT_EPOCH = 2,
	MLP_EVENT_MAX_ENUM = 0x7fffffff
} mlp_event;
typedef enum mlp_outcome {
	MLP_OUTCOME_NONE = 1,
	MLP_OUTCOME_EPOCHS = 2,
	MLP_OUTCOME_EARLY = 3,
	MLP_OUTCOME_STOPPED = 4,
	MLP_OUTCOME_DIVERGED = 5,
	MLP_OUTCOME_MAX_ENUM = 0x7fffffff
} mlp_outcome;
typedef int (*mlp_trainer_progress)(void *context, const mlp_trainer *trainer, mlp_event event);
MLP_API mlp_status mlp_trainer_create(mlp_network *net, mlp_optimizer_kind kind,
				      mlp_trainer **trainer);
MLP_API void mlp_trainer_free(mlp_trainer *trainer);
MLP_API const mlp_network *mlp_trainer_network(const mlp_trainer *trainer);
MLP_API mlp_optimizer *mlp_trainer_optimizer(mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_set_pool(mlp_trainer *trainer, mlp_pool *pool);
MLP_API mlp_status mlp_trainer_set_loss(mlp_trainer *trainer, mlp_loss loss, double parameter);
MLP_API mlp_loss mlp_trainer_loss(const mlp_trainer *trainer, double *parameter);
MLP_API mlp_status mlp_trainer_set(mlp_trainer *trainer, mlp_trainer_item item, double value);
MLP_API double mlp_trainer_get(const mlp_trainer *trainer, mlp_trainer_item item);
MLP_API mlp_status mlp_trainer_bounds(const mlp_trainer *trainer, mlp_trainer_item item,
				      double *lowest, double *highest);
MLP_API mlp_status mlp_trainer_set_seed(mlp_trainer *trainer, uint64_t seed);
MLP_API uint64_t mlp_trainer_seed(const mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_set_schedule(mlp_trainer *trainer,
					    const mlp_rate_schedule *schedule);
MLP_API const mlp_rate_schedule *mlp_trainer_schedule(const mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_set_monitor(mlp_trainer *trainer, mlp_metric metric);
MLP_API mlp_metric mlp_trainer_monitor(const mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_set_class_weights(mlp_trainer *trainer, const double *weights,
						 int64_t count);
MLP_API mlp_status mlp_trainer_set_progress(mlp_trainer *trainer, mlp_trainer_progress progress,
					    void *context);
MLP_API mlp_status mlp_trainer_run(mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_reset(mlp_trainer *trainer);
MLP_API mlp_status mlp_trainer_restore_best(mlp_trainer *trainer);
MLP_API mlp_outcome mlp_trainer_outcome(const mlp_trainer *trainer);
MLP_API int64_t mlp_trainer_epochs_done(const mlp_trainer *trainer);
MLP_API int64_t mlp_trainer_batches_done(const mlp_trainer *trainer);
MLP_API int64_t mlp_trainer_rows_done(const mlp_trainer *trainer);
MLP_API int64_t mlp_trainer_rows(const mlp_trainer *trainer, mlp_split split);
MLP_API int64_t mlp_trainer_best_epoch(const mlp_trainer *trainer);
MLP_API double mlp_trainer_batch_loss(const mlp_trainer *trainer);
MLP_API double mlp_trainer_eta(const mlp_trainer *trainer);
MLP_API double mlp_trainer_history(const mlp_trainer *trainer, mlp_split split, mlp_metric metric,
				   int64_t epoch);
typedef int64_t (*mlp_source_f32)(void *context, int64_t epoch, int64_t first, int64_t most,
				  float *x, float *target, float *weight);
typedef int64_t (*mlp_source_f64)(void *context, int64_t epoch, int64_t first, int64_t most,
				  double *x, double *target, double *weight);
typedef int64_t (*mlp_source_class_f32)(void *context, int64_t epoch, int64_t first, int64_t most,
					float *x, int64_t *target, float *weight);
typedef int64_t (*mlp_source_class_f64)(void *context, int64_t epoch, int64_t first, int64_t most,
					double *x, int64_t *target, double *weight);
MLP_API mlp_status mlp_trainer_set_data_f32(mlp_trainer *trainer, const float *x, int64_t ld_x,
					    const float *target, int64_t ld_target,
					    const float *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_data_f64(mlp_trainer *trainer, const double *x, int64_t ld_x,
					    const double *target, int64_t ld_target,
					    const double *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_data_class_f32(mlp_trainer *trainer, const float *x,
						  int64_t ld_x, const int64_t *target,
						  const float *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_data_class_f64(mlp_trainer *trainer, const double *x,
						  int64_t ld_x, const int64_t *target,
						  const double *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_validation_f32(mlp_trainer *trainer, const float *x,
						  int64_t ld_x, const float *target,
						  int64_t ld_target, const float *weight,
						  int64_t rows);
MLP_API mlp_status mlp_trainer_set_validation_f64(mlp_trainer *trainer, const double *x,
						  int64_t ld_x, const double *target,
						  int64_t ld_target, const double *weight,
						  int64_t rows);
MLP_API mlp_status mlp_trainer_set_validation_class_f32(mlp_trainer *trainer, const float *x,
							int64_t ld_x, const int64_t *target,
							const float *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_validation_class_f64(mlp_trainer *trainer, const double *x,
							int64_t ld_x, const int64_t *target,
							const double *weight, int64_t rows);
MLP_API mlp_status mlp_trainer_set_source_f32(mlp_trainer *trainer, mlp_source_f32 source,
					      void *context, int64_t rows);
MLP_API mlp_status mlp_trainer_set_source_f64(mlp_trainer *trainer, mlp_source_f64 source,
					      void *context, int64_t rows);
MLP_API mlp_status mlp_trainer_set_source_class_f32(mlp_trainer *trainer,
						    mlp_source_class_f32 source, void *context,
						    int64_t rows);
MLP_API mlp_status mlp_trainer_set_source_class_f64(mlp_trainer *trainer,
						    mlp_source_class_f64 source, void *context,
						    int64_t rows);
MLP_API mlp_status mlp_trainer_set_checkpoint(mlp_trainer *trainer, const char *path,
					      int64_t every);
MLP_API mlp_status mlp_trainer_save(const mlp_trainer *trainer, const char *path);
MLP_API mlp_status mlp_trainer_save_to(const mlp_trainer *trainer, mlp_write_function write,
				       void *context);
MLP_API mlp_status mlp_trainer_resume(mlp_trainer *trainer, const char *path,
				      const mlp_load_options *options);
MLP_API mlp_status mlp_trainer_resume_from(mlp_trainer *trainer, mlp_read_function read,
					   void *context, const mlp_load_options *options);
MLP_API mlp_status mlp_fit_f32(mlp_network *net, const float *x, int64_t ld_x, const float *target,
			       int64_t ld_target, int64_t rows, uint64_t seed, double *value);
MLP_API mlp_status mlp_fit_f64(mlp_network *net, const double *x, int64_t ld_x,
			       const double *target, int64_t ld_target, int64_t rows, uint64_t seed,
			       double *value);
MLP_API mlp_status mlp_fit_class_f32(mlp_network *net, const float *x, int64_t ld_x,
				     const int64_t *target, int64_t rows, uint64_t seed,
				     double *value);
MLP_API mlp_status mlp_fit_class_f64(mlp_network *net, const double *x, int64_t ld_x,
				     const int64_t *target, int64_t rows, uint64_t seed,
				     double *value);
MLP_API int64_t mlp_fit_batch(int64_t rows);
MLP_API int64_t mlp_fit_epochs(int64_t rows, int64_t batch);
MLP_API double mlp_fit_l2(int64_t rows);
MLP_API double mlp_fit_validation_fraction(int64_t rows);
MLP_API int64_t mlp_fit_patience(void);
#ifdef __cplusplus
}
#endif
#endif
