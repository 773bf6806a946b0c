/* Safetensors files (https://github.com/huggingface/safetensors): named tensors and metadata strings,
 * written through an mlp_write_function and read from anything of known length. docs/files.md has the format.
 * Nothing here knows what a network is. */
#ifndef MLP_FILE_SAFETENSORS_H
#define MLP_FILE_SAFETENSORS_H

#include <mlp/mlp.h>
#include <stdbool.h>

/* Metadata keys with this prefix are covered by the checksum, with the tensors' bytes, names, types and
 * shapes. */
#define MLP_METADATA "mlp."
/* Eight hexadecimal digits; set by the writer, verified by the reader where it is there. */
#define MLP_METADATA_CRC MLP_METADATA "crc32"

/* The format's element types, in its own order: the order of tensors in a file goes by it. */
typedef enum mlp_tensor_type {
	MLP_TENSOR_BOOL = 1,
	MLP_TENSOR_U8,
	MLP_TENSOR_I8,
	MLP_TENSOR_F8_E5M2,
	MLP_TENSOR_F8_E4M3,
	MLP_TENSOR_I16,
	MLP_TENSOR_U16,
	MLP_TENSOR_F16,
	MLP_TENSOR_BF16,
	MLP_TENSOR_I32,
	MLP_TENSOR_U32,
	MLP_TENSOR_F32,
	MLP_TENSOR_F64,
	MLP_TENSOR_I64,
	MLP_TENSOR_U64
} mlp_tensor_type;

enum { MLP_TENSOR_MOST_RANK = 8 };

struct mlp_tensor {
	const char *name; /* lives as long as the reader or writer */
	mlp_tensor_type type;
	int64_t rank, shape[MLP_TENSOR_MOST_RANK]; /* rank 0: one element */
	int64_t count, bytes;                      /* elements; count times the size of one */
	int64_t begin,
		index; /* reading: where its bytes begin, behind the header; number in that order */
	const void *data; /* writing: its elements, in the byte order of this machine */
};

/* Sort by a strict order; in place and without allocating, unlike some qsort(). */
typedef bool mlp_tensor_order(const struct mlp_tensor *a, const struct mlp_tensor *b);
void mlp_sort_tensors(struct mlp_tensor *tensors, size_t count, mlp_tensor_order *before);

/* "F32", ... ; NULL for a number that is none. */
const char *mlp_tensor_type_name(mlp_tensor_type type);
/* 0 if there is no such type. */
mlp_tensor_type mlp_tensor_type_from_name(const char *name);
/* Bytes of one element. */
int64_t mlp_tensor_type_size(mlp_tensor_type type);

/* Whether this machine's byte order is that of files, little-endian; and turn the bytes of `count` elements
 * of `size` bytes around, for machines where it is not. */
bool mlp_is_file_order(void);
void mlp_swap_to_file_order(void *elements, int64_t count, int64_t size);

/* Fail with the name of a tensor (cut if it is long) in front of the line: 'w' is % x %, ... */
#define mlp_fail_tensor(status, tensor, ...)                                                       \
	mlp_fail_named(status, mlp_quote((char[MLP_QUOTED_SIZE]){0}, tensor), __VA_ARGS__)
enum { MLP_QUOTED_SIZE = 96 };
const char *mlp_quote(char *quoted, const char *text);

/* ---- writing -------------------------------------------------------------------------------- */

struct mlp_tensor_writer;

mlp_status mlp_tensor_writer_create(const mlp_allocator *allocator,
				    struct mlp_tensor_writer **writer);
void mlp_tensor_writer_free(struct mlp_tensor_writer *writer);

/* Set a metadata string; both are copied. MLP_ERR_VALUE if one is not UTF-8. */
mlp_status mlp_tensor_writer_text(struct mlp_tensor_writer *writer, const char *key,
				  const char *value);

/* Add a tensor. The name is copied; `data` must stay as it is until everything is written. MLP_ERR_VALUE
 * for a name that was added before, or is not UTF-8. */
mlp_status mlp_tensor_writer_add(struct mlp_tensor_writer *writer, const char *name,
				 mlp_tensor_type type, int64_t rank, const int64_t *shape,
				 const void *data);

/* Write the file: may be called again. MLP_ERR_CALLBACK if `write` failed. */
mlp_status mlp_tensor_writer_write(struct mlp_tensor_writer *writer, mlp_write_function write,
				   void *context);

/* ---- reading -------------------------------------------------------------------------------- */

/* Bytes to come, and how many. */
struct mlp_source {
	mlp_read_function read;
	void *context;
	int64_t remaining;
};

/* Read exactly `size` bytes. MLP_ERR_FORMAT if there are fewer; MLP_ERR_CALLBACK if read failed. */
mlp_status mlp_source_take(struct mlp_source *source, void *data, int64_t size);

struct mlp_tensor_limits {
	int64_t header_bytes, tensors;
};

struct mlp_tensor_reader;

/* Read and check the header: afterwards every tensor has a known type, its shape fits its bytes, and the
 * bytes of all tensors together are, without gap or overlap, those that remain in the source. The source
 * must live as long as the reader. */
mlp_status mlp_tensor_reader_open(struct mlp_source *source, const struct mlp_tensor_limits *limits,
				  const mlp_allocator *allocator,
				  struct mlp_tensor_reader **reader);
void mlp_tensor_reader_free(struct mlp_tensor_reader *reader);

/* Tensors in the order of their bytes. */
int64_t mlp_tensor_reader_count(const struct mlp_tensor_reader *reader);
const struct mlp_tensor *mlp_tensor_reader_at(const struct mlp_tensor_reader *reader, int64_t i);
/* NULL if there is none of this name. */
const struct mlp_tensor *mlp_tensor_reader_find(const struct mlp_tensor_reader *reader,
						const char *name);

/* A metadata string; NULL if there is none. */
const char *mlp_tensor_reader_text(const struct mlp_tensor_reader *reader, const char *key);

/* Gets a metadata string and its key without the prefix; anything but MLP_OK ends the search. */
typedef mlp_status (*mlp_tensor_text)(void *context, const char *key, const char *text);

/* All metadata strings whose keys have a prefix. */
mlp_status mlp_tensor_reader_texts(const struct mlp_tensor_reader *reader, const char *prefix,
				   mlp_tensor_text take, void *context);

/* Whether any of its keys begins with MLP_METADATA. */
bool mlp_tensor_reader_is_ours(const struct mlp_tensor_reader *reader);

/* Gets the elements of a tensor, in this machine's byte order, piece by piece: `count` of them from number
 * `first` on. */
typedef mlp_status (*mlp_tensor_sink)(void *context, const struct mlp_tensor *tensor, int64_t first,
				      int64_t count, const void *elements);

/* Where to put all elements of a tensor as they are; NULL: to the sink. */
typedef void *(*mlp_tensor_place)(void *context, const struct mlp_tensor *tensor);

/* Read every tensor, in order, and verify the checksum. Once only. `place` or `sink` may be NULL: elements
 * without either are read for the checksum alone. */
mlp_status mlp_tensor_reader_read(struct mlp_tensor_reader *reader, mlp_tensor_place place,
				  mlp_tensor_sink sink, void *context);

#endif
