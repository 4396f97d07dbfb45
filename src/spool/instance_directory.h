// An InstanceDirectory is one directory `<32 hex>` below a project folder, owned by a lock on its file owner.lock for
// as long as this object lives.
//
// The lock belongs to the open file description (F_OFD_SETLK; flock where the kernel has none), so that the end of the
// process frees it, a second handle in the same process is refused, and a forked child that closes its copy frees
// nothing. Whoever gets it checks that the locked inode still bears the name: somebody may have replaced the file.
// Thread-safety: none.
#ifndef LOGS_SDK_SPOOL_INSTANCE_DIRECTORY_H_
#define LOGS_SDK_SPOOL_INSTANCE_DIRECTORY_H_

#include <optional>
#include <string>

#include "src/base/file_system.h"
#include "src/base/uuid7.h"
#include "src/spool/owner_identity.h"

namespace logs_sdk::inline v1 {

inline constexpr const char* kLockName = "owner.lock";

class InstanceDirectory {
 public:
  // Makes the directory named after the owner's instance, 0700, locks it and writes the owner into the lock file.
  // kRetry: the name is taken, or somebody else was faster; another instance will do.
  static Result<InstanceDirectory> create(int project, const OwnerIdentity& owner);

  // Takes over the directory of an owner that is dead. kRetry: it lives, or is being made or removed this instant.
  // kConfiguration: the lock is free although its owner lives, so locks do not work here; or no right to it.
  static Result<InstanceDirectory> adopt(int project, const std::string& name);

  // Whether somebody holds the lock, this process included. False also where it cannot be told.
  static bool owned(int project, const std::string& name);

  InstanceDirectory(InstanceDirectory&&) = default;
  InstanceDirectory& operator=(InstanceDirectory&&) = default;

  int fd() const noexcept { return directory_.get(); }
  const Uuid& instance() const noexcept { return instance_; }
  const std::string& name() const noexcept { return name_; }

  // False: somebody has removed the directory, or the lock file in it, although it is owned.
  bool stands() const noexcept;

  // Removes the files that are neither ours to keep nor known, the lock last, then the directory. The caller has
  // removed the segments.
  Status remove();

  // Before the owner, who lives on, lets go of what it leaves: from then on the lock alone decides.
  void disown() noexcept;

  // In a forked child: closes without unlocking.
  void abandon() noexcept;

 private:
  InstanceDirectory(FileDescriptor project, FileDescriptor directory, FileDescriptor lock, const Uuid& instance);

  FileDescriptor project_;
  FileDescriptor directory_;
  FileDescriptor lock_;
  Uuid instance_;
  std::string name_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SPOOL_INSTANCE_DIRECTORY_H_
