#include "server/http/connection_table.h"

#include <algorithm>
#include <utility>

#include "server/http/connection.h"

namespace logs_server {
namespace {

// Beyond a bound, for those that have been told to go: it takes until their threads come to it.
constexpr std::size_t kMaxLeaving = 64;
// One place in so many is there for newcomers, beyond the bound, while requests under way keep all the others: to be
// refused, to ask for the server's health, or to take a place that has become free meanwhile.
constexpr std::size_t kPlacesPerReserved = 16;

}  // namespace

ConnectionTable::ConnectionTable(const HttpServerOptions& options)
    : max_connections_(options.max_connections),
      reserved_(std::max<std::size_t>(options.max_connections / kPlacesPerReserved, 1)),
      max_per_peer_(options.max_connections_per_peer) {}

bool ConnectionTable::enter(const std::shared_ptr<Connection>& connection) {
  const std::string peer = max_per_peer_ == 0 ? std::string() : connection->counted_peer();
  const std::lock_guard lock(mutex_);
  if (!has_room_of(peer) || !has_room()) {
    ++refused_count_;
    return false;
  }
  Queue& newest = queue(Standing::kUnproven);
  const auto at = newest.insert(newest.end(), connection.get());
  places_.emplace(connection.get(), Place{connection, peer, Standing::kUnproven, at});
  if (!peer.empty()) ++per_peer_[peer];
  return true;
}

bool ConnectionTable::has_room_of(const std::string& peer) {
  const auto own = per_peer_.find(peer);
  if (own == per_peer_.end() || own->second < max_per_peer_) return true;
  return own->second < max_per_peer_ + kMaxLeaving && evict_one(peer);
}

bool ConnectionTable::has_room() {
  if (places_.size() < max_connections_) return true;
  if (places_.size() >= max_connections_ + reserved_ + kMaxLeaving) return false;
  if (queue(Standing::kUnproven).size() + queue(Standing::kProven).size() >= reserved_) evict_one({});
  return true;
}

bool ConnectionTable::evict_one(const std::string& peer) {
  for (const Standing standing : {Standing::kUnproven, Standing::kProven}) {
    for (Connection* const candidate : queue(standing)) {
      Place& place = places_.at(candidate);
      if (!peer.empty() && place.peer != peer) continue;
      move(place, Standing::kLeaving);
      ++retired_count_;
      if (const auto living = place.connection.lock()) living->evict();
      return true;
    }
  }
  return false;
}

void ConnectionTable::move(Place& place, Standing standing) {
  Queue& to = queue(standing);
  to.splice(to.end(), queue(place.standing), place.at);
  place.standing = standing;
}

void ConnectionTable::stand_anew(Connection* connection) {
  const std::lock_guard lock(mutex_);
  Place& place = places_.at(connection);
  if (place.standing != Standing::kLeaving) {
    move(place, place.standing == Standing::kUnproven ? Standing::kUnproven : Standing::kProven);
  }
}

void ConnectionTable::keep(Connection* connection) {
  const std::lock_guard lock(mutex_);
  Place& place = places_.at(connection);
  if (place.standing != Standing::kLeaving) move(place, Standing::kKept);
}

bool ConnectionTable::is_crowded() {
  const std::lock_guard lock(mutex_);
  return places_.size() >= max_connections_ + reserved_ + kMaxLeaving && !queue(Standing::kLeaving).empty();
}

void ConnectionTable::make_room() {
  const std::lock_guard lock(mutex_);
  evict_one({});
}

void ConnectionTable::leave(Connection* connection) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(connection);
  const auto own = per_peer_.find(place->second.peer);
  if (own != per_peer_.end() && --own->second == 0) per_peer_.erase(own);
  queue(place->second.standing).erase(place->second.at);
  places_.erase(place);
  left_.notify_all();
}

std::vector<std::shared_ptr<Connection>> ConnectionTable::living() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> living;
  for (const auto& [key, place] : places_) {
    if (auto shared = place.connection.lock()) living.push_back(std::move(shared));
  }
  return living;
}

bool ConnectionTable::wait_until_empty(std::chrono::milliseconds bound) {
  std::unique_lock lock(mutex_);
  return left_.wait_for(lock, bound, [this] { return places_.empty(); });
}

std::size_t ConnectionTable::size() {
  const std::lock_guard lock(mutex_);
  return places_.size();
}

std::uint64_t ConnectionTable::refused_count() {
  const std::lock_guard lock(mutex_);
  return refused_count_;
}

std::uint64_t ConnectionTable::retired_count() {
  const std::lock_guard lock(mutex_);
  return retired_count_;
}

}  // namespace logs_server
