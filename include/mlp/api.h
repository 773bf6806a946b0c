/** @file
 * How the functions of the library are declared. */
#ifndef MLP_API_H
#define MLP_API_H

/** Marks the functions that the shared library exports. */
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

#endif
