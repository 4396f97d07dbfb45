// Libdw: elfutils' reader of ELF and DWARF, loaded when the first stack is to be made readable and not before.
//
// It is loaded by name instead of linked: an application that never throws takes in nothing, one that runs where the
// library is not installed loses the names of functions and nothing else, and its libraries (libelf, compression) do
// not become those of every application. Its headers are needed to build.
#ifndef LOGS_SDK_SYMBOLS_LIBDW_H_
#define LOGS_SDK_SYMBOLS_LIBDW_H_

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

namespace logs_sdk::inline v1 {

struct Libdw {
  // Null when it is not on this machine. Loaded once, and kept.
  static const Libdw* get() noexcept;

  decltype(&::dwfl_begin) begin;
  decltype(&::dwfl_end) end;
  decltype(&::dwfl_report_offline) report_offline;
  decltype(&::dwfl_report_end) report_end;
  decltype(&::dwfl_build_id_find_debuginfo) find_debuginfo_by_build_id;
  decltype(&::dwfl_module_build_id) module_build_id;
  decltype(&::dwfl_module_getelf) module_elf;
  decltype(&::dwfl_module_addrdie) module_unit_of;
  decltype(&::dwfl_module_nextcu) module_next_unit;
  decltype(&::dwfl_module_addrinfo) module_symbol;
  decltype(&::dwarf_haspc) has_pc;
  decltype(&::dwarf_getscopes) scopes_of_pc;
  decltype(&::dwarf_getscopes_die) scopes_of_die;
  decltype(&::dwarf_tag) tag;
  decltype(&::dwarf_attr_integrate) attribute;
  decltype(&::dwarf_formstring) string_value;
  decltype(&::dwarf_formudata) number_value;
  decltype(&::dwarf_getsrc_die) line_of;
  decltype(&::dwarf_linesrc) line_file;
  decltype(&::dwarf_lineno) line_number;
  decltype(&::dwarf_getsrcfiles) source_files;
  decltype(&::dwarf_filesrc) file_name;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_LIBDW_H_
