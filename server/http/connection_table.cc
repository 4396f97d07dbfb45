#include "server/http/connection_table.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace logs_server {
namespace {

namespace ip = boost::asio::ip;

// A connection that is asked to go may still serve one request; so many more than the bound there may be meanwhile.
constexpr std::size_t kMaxLeaving = 64;

ip::address unmapped(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

// Whom a connection counts for: an IPv4 address, or the 64 bits of an IPv6 address that a site gives to one host.
std::string peer_key(const ip::address& address) {
  if (address.is_v4()) return address.to_string();
  ip::address_v6::bytes_type bytes = address.to_v6().to_bytes();
  if (address.is_loopback()) return address.to_string();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return ip::address_v6(bytes).to_string();
}

}  // namespace

ConnectionTable::ConnectionTable(const HttpServerOptions& options)
    : max_connections_(options.max_connections),
      max_per_peer_(options.max_connections_per_peer),
      shared_peers_(options.shared_peers) {}

bool ConnectionTable::enter(const std::shared_ptr<Connection>& connection) {
  const ip::address address = unmapped(connection->peer());
  const bool shared = std::find(shared_peers_.begin(), shared_peers_.end(), address.to_string()) != shared_peers_.end();
  const std::string peer = shared || max_per_peer_ == 0 ? std::string() : peer_key(address);
  const std::lock_guard lock(mutex_);
  if (!has_room_for(peer)) {
    ++refused_count_;
    return false;
  }
  places_.emplace(connection.get(), Place{connection, peer});
  if (!peer.empty()) ++per_peer_[peer];
  return true;
}

bool ConnectionTable::has_room_for(const std::string& peer) {
  if (!peer.empty()) {
    const auto own = per_peer_.find(peer);
    const std::size_t size = own == per_peer_.end() ? 0 : own->second;
    if (size >= max_per_peer_ && (size >= max_per_peer_ + kMaxLeaving || !retire_one(peer))) return false;
  }
  if (places_.size() < max_connections_) return true;
  return places_.size() < max_connections_ + kMaxLeaving && retire_one({});
}

bool ConnectionTable::retire_one(const std::string& peer) {
  std::shared_ptr<Connection> oldest;
  Place* place_of_oldest = nullptr;
  std::chrono::steady_clock::time_point oldest_since;
  for (auto& [key, place] : places_) {
    if (place.retired || (!peer.empty() && place.peer != peer)) continue;
    auto candidate = place.connection.lock();
    const auto since = candidate ? candidate->idle_since() : std::nullopt;
    if (!since || (oldest && *since >= oldest_since)) continue;
    oldest = std::move(candidate);
    place_of_oldest = &place;
    oldest_since = *since;
  }
  if (!oldest) return false;
  place_of_oldest->retired = true;
  ++retired_count_;
  oldest->retire();
  return true;
}

void ConnectionTable::leave(Connection* connection) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(connection);
  if (const auto own = per_peer_.find(place->second.peer); own != per_peer_.end() && --own->second == 0) {
    per_peer_.erase(own);
  }
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
