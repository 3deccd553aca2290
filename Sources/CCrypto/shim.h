// The API of 1.1.0, which 3.x keeps: SHA-256 without the search for a provider, which costs each start of a program 1 ms.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
