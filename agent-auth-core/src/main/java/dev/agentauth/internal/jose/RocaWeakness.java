package dev.agentauth.internal.jose;

import java.math.BigInteger;

/**
 * Recognizes RSA keys from a flawed generator whose private half can be computed (CVE-2017-15361). Its primes are powers
 * of 65537 modulo many small primes at once, and so is their product; a sound modulus looks like that about once in
 * 240 million.
 */
final class RocaWeakness {
    private static final int GENERATOR = 65537;
    private static final int[] SMALL_PRIMES = {
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167
    };

    private RocaWeakness() {}

    static boolean affects(BigInteger modulus) {
        for (int prime : SMALL_PRIMES) {
            int remainder = modulus.mod(BigInteger.valueOf(prime)).intValueExact();
            if (!isPowerOfGenerator(remainder, prime)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPowerOfGenerator(int remainder, int prime) {
        int power = 1;
        do {
            if (power == remainder) {
                return true;
            }
            power = power * (GENERATOR % prime) % prime;
        } while (power != 1);
        return false;
    }
}
