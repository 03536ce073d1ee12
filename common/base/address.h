/*
 * IP addresses and prefixes of either family.
 */
#ifndef EG_ADDRESS_H
#define EG_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EG_IPV4 = 4, EG_IPV6 = 6 };

enum { EG_ADDRESS_TEXT_MAX = 46, EG_PREFIX_TEXT_MAX = 50 };

/* Network byte order; an IPv4 address is in the first four bytes and the others are zero. */
struct eg_address {
    uint8_t bytes[16];
    uint8_t family; /* EG_IPV4, EG_IPV6; 0: no address */
};

struct eg_prefix {
    struct eg_address address;
    uint8_t length; /* bits, 0..32 or 0..128 */
};

/* From the 4 or 16 bytes of a packet. */
struct eg_address eg_address_v4(const uint8_t bytes[4]);
struct eg_address eg_address_v6(const uint8_t bytes[16]);

/* Total order: family, then bytes. Returns <0, 0, >0. */
int eg_address_compare(const struct eg_address *a, const struct eg_address *b);
bool eg_address_equal(const struct eg_address *a, const struct eg_address *b);

/* "10.0.0.4", "2001:db8::1" (RFC 5952). No zones, no brackets, no leading zeros in IPv4. */
bool eg_address_parse(const char *text, size_t length, struct eg_address *address);

/* Returns buffer. */
const char *eg_address_text(const struct eg_address *address, char buffer[EG_ADDRESS_TEXT_MAX]);

/* "10.0.0.0/16"; a bare address is a host prefix. False when malformed or host bits are set. */
bool eg_prefix_parse(const char *text, size_t length, struct eg_prefix *prefix);

/* What is wrong with a text that eg_prefix_parse() refused, for "'prefix' %s: '10.0.0.1/16'". */
const char *eg_prefix_fault(const char *text, size_t length);

const char *eg_prefix_text(const struct eg_prefix *prefix, char buffer[EG_PREFIX_TEXT_MAX]);
bool eg_prefix_contains(const struct eg_prefix *prefix, const struct eg_address *address);

/* 32 or 128. */
unsigned eg_address_bits(const struct eg_address *address);

#ifdef __cplusplus
}
#endif

#endif
