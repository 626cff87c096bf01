"""What delivered items teach about the sizes of others: computed, tried in the shadow, adopted, taken back."""
