// Damage: what may happen to bytes on a disk, one line each. Every function takes whole contents and gives the damaged
// ones.
#ifndef LOGS_SDK_TESTING_DAMAGE_H_
#define LOGS_SDK_TESTING_DAMAGE_H_

#include <cstddef>
#include <string>

#include "src/base/random.h"

namespace logs_sdk::inline v1::damage {

inline std::string cut(const std::string& bytes, std::size_t length) { return bytes.substr(0, length); }

inline std::string flip(std::string bytes, std::size_t at, unsigned char mask) {
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ mask);
  return bytes;
}

inline std::string zero(std::string bytes, std::size_t at, std::size_t length) {
  return bytes.replace(at, length, length, '\0');
}

// Puts a copy of one part over another, as a misdirected write does.
inline std::string overwrite(std::string bytes, std::size_t from, std::size_t to, std::size_t length) {
  return bytes.replace(to, length, bytes.substr(from, length));
}

inline std::string swap(const std::string& bytes, std::size_t a, std::size_t b, std::size_t length) {
  return overwrite(bytes, a, b, length).replace(a, length, bytes, b, length);
}

inline std::string garbage(Random& random, std::size_t length) {
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.next());
  return bytes;
}

}  // namespace logs_sdk::inline v1::damage

#endif  // LOGS_SDK_TESTING_DAMAGE_H_
