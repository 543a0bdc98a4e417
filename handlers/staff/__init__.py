"""The staff's Telegram groups (담당부서 대화방): binding, ticket cards, prompts, notes."""
