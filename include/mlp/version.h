/** @file
 * Version and ABI numbers of libmlp: the one place where they are written.
 *
 * CMake reads this file; the library, mlp.pc and the CMake package take their numbers from it.
 */
#ifndef MLP_VERSION_H
#define MLP_VERSION_H

#define MLP_VERSION_MAJOR 0 /**< Incompatible releases from 1.0 on. */
#define MLP_VERSION_MINOR 1 /**< Additions; before 1.0 incompatible changes too. */
#define MLP_VERSION_PATCH 0 /**< Corrections only. */

/** Number of the binary interface, raised whenever a program built before must be rebuilt. */
#define MLP_ABI_VERSION 1

/** Version of this header as one number: 10000 major + 100 minor + patch. */
#define MLP_VERSION (10000 * MLP_VERSION_MAJOR + 100 * MLP_VERSION_MINOR + MLP_VERSION_PATCH)

#endif
