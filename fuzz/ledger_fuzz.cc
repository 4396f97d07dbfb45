// Any bytes as a ledger file: counts that can be added up, and none from a slot whose checksum does not hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "src/base/crc32c.h"
#include "src/spool/ledger_file.h"

namespace {

using namespace logs_sdk;

const Uuid kInstance = *Uuid::parse("000102030405060708090a0b0c0d0e0f");

// The input as the counts of a slot that verifies, so that the fuzzer need not find a checksum.
std::string sealed(const std::string& input) {
  std::string bytes(kLedgerBytes, '\0');
  bytes.replace(0, std::min(input.size(), bytes.size()), input, 0, bytes.size());
  LedgerSlot slot;
  std::memcpy(&slot, bytes.data(), sizeof slot);
  slot.magic = kLedgerMagic;
  slot.version = 1;
  slot.instance = kInstance;
  slot.crc = 0;
  slot.crc = crc32c(&slot, sizeof slot);
  std::memcpy(bytes.data(), &slot, sizeof slot);
  return bytes;
}

LedgerContents parse(const std::string& bytes) {
  return parse_ledger(std::as_bytes(std::span(bytes.data(), bytes.size())), kInstance);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const LedgerContents raw = parse(input);
  if (raw.slot.sequence != 0 && raw.slot.magic != kLedgerMagic) std::abort();
  const LedgerContents counted = parse(sealed(input));
  for (const std::uint64_t count : counted.slot.dropped) {
    if (count > std::uint64_t{1} << 56) std::abort();
  }
  return 0;
}
