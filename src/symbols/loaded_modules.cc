#include "src/symbols/loaded_modules.h"

#include <elf.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "src/base/hex.h"
#include "src/symbols/raw_frame.h"

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxBuildIdBytes = 64;

struct Search {
  std::span<const std::uintptr_t> addresses;
  std::vector<std::string>& texts;
  bool out_of_memory = false;
};

bool holds(const dl_phdr_info& module, std::uintptr_t address) noexcept {
  return std::any_of(module.dlpi_phdr, module.dlpi_phdr + module.dlpi_phnum, [&](const ElfW(Phdr) & segment) {
    const std::uintptr_t begin = module.dlpi_addr + segment.p_vaddr;
    return segment.p_type == PT_LOAD && address >= begin && address - begin < segment.p_memsz;
  });
}

std::size_t padded(std::size_t size, std::size_t alignment) noexcept {
  return (size + alignment - 1) & ~(alignment - 1);
}

// The GNU build id among the notes of one segment, as bytes.
std::string_view build_id_in(std::string_view notes, std::size_t alignment) noexcept {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes.data(), sizeof note);
    const std::size_t name_end = sizeof note + note.n_namesz;
    const std::size_t content = padded(name_end, alignment);
    const std::size_t end = content + note.n_descsz;
    if (name_end > notes.size() || end > notes.size()) break;
    if (note.n_type == NT_GNU_BUILD_ID && notes.substr(sizeof note, note.n_namesz) == std::string_view("GNU\0", 4) &&
        note.n_descsz <= kMaxBuildIdBytes) {
      return notes.substr(content, note.n_descsz);
    }
    notes.remove_prefix(std::min(padded(end, alignment), notes.size()));
  }
  return {};
}

std::string build_id_of(const dl_phdr_info& module) {
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(module.dlpi_addr + segment.p_vaddr);
    const std::string_view id = build_id_in({notes, segment.p_memsz}, segment.p_align == 8 ? 8 : 4);
    if (!id.empty()) return to_hex(std::span(reinterpret_cast<const std::uint8_t*>(id.data()), id.size()));
  }
  return {};
}

std::string program_path() {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path);
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : "unknown";
}

// As a path that another process can open. The dynamic linker has no name for the program, and for a plug-in the one
// that it was opened by.
std::string path_of(const dl_phdr_info& module) {
  static const std::string program = program_path();  // stays what it was when the file is replaced
  if (module.dlpi_name == nullptr || module.dlpi_name[0] == '\0') return program;
  std::string path = module.dlpi_name;
  char resolved[PATH_MAX];
  if (path.front() != '/' && ::realpath(path.c_str(), resolved) != nullptr) path = resolved;
  std::replace_if(
      path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  return path;
}

void take_module(const dl_phdr_info& module, Search& search) {
  std::string path, build_id;
  for (std::size_t i = 0; i < search.addresses.size(); ++i) {
    if (!holds(module, search.addresses[i])) continue;
    if (path.empty()) {
      path = path_of(module);
      build_id = build_id_of(module);
    }
    append_raw_frame({path, search.addresses[i] - module.dlpi_addr, build_id}, search.texts[i]);
  }
}

int visit_module(dl_phdr_info* module, std::size_t, void* argument) {
  Search& search = *static_cast<Search*>(argument);
  try {  // the dynamic linker's own frame lies beneath, with its lock
    take_module(*module, search);
    return 0;
  } catch (...) {
    search.out_of_memory = true;
    return 1;
  }
}

}  // namespace

std::vector<std::string> raw_frames(std::span<const std::uintptr_t> addresses) {
  std::vector<std::string> texts(addresses.size());
  Search search{addresses, texts};
  ::dl_iterate_phdr(visit_module, &search);
  if (search.out_of_memory) throw std::bad_alloc();
  return texts;
}

}  // namespace logs_sdk::inline v1
