#include "chain/stake/followed.hpp"

namespace blockferry::chain::stake {

followed::followed(following state) : base_(std::make_shared<const following>(std::move(state))) {}

followed::followed(following snapshot, height_t first, std::vector<block_stakes> blocks_after)
    : followed(std::move(snapshot)) {
  if (!blocks_after.empty())
    tail_ = std::make_shared<const tail>(tail{first, std::move(blocks_after)});
}

std::shared_ptr<const following> followed::open() const {
  if (!tail_)
    return base_;
  auto state = std::make_shared<following>(*base_);
  height_t height = tail_->first;
  for (const block_stakes& block : tail_->blocks)
    state->add(height++, block);
  return state;
}

bool operator==(const followed& a, const followed& b) {
  if (a.base_ == b.base_ && a.tail_ == b.tail_)
    return true;
  return a.base_ && b.base_ && *a.open() == *b.open();
}

following following_from_the_middle() {
  return {committee_following::unknown("the chain was entered after genesis"),
          certificate_window::from_the_middle()};
}

} // namespace blockferry::chain::stake
