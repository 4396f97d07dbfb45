// Compressed bodies, in pieces of any size: never more comes out than allowed, and nothing else is read or written.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/base/compression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr std::size_t kMaxBytes = 1 << 16;
  const auto encoding = data[0] % 2 == 0 ? logs_sdk::Encoding::kGzip : logs_sdk::Encoding::kZstd;
  const std::size_t piece = std::size_t{data[1]} + 1;
  std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);

  logs_sdk::Decompressor decompressor(encoding, kMaxBytes);
  std::string out;
  bool ok = true;
  while (ok && !rest.empty()) {
    ok = decompressor.write(rest.substr(0, piece), out).ok();
    rest.remove_prefix(std::min(piece, rest.size()));
    if (out.size() > kMaxBytes) std::abort();
  }
  if (ok && decompressor.finish().ok() && decompressor.over_limit()) std::abort();
  return 0;
}
