"""SmolLM2-135M-Instruct from its GGUF file as a float32 transformers model, with its tokenizer and chat template."""
import hashlib
import os
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402  (the hub stays untouched only if the variable is set first)
from tokenizers import pre_tokenizers  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerFast  # noqa: E402

NAME = "SmolLM2-135M-Instruct"


def gguf_file(folder: Path) -> Path:
    files = sorted(folder.glob("*.gguf"))
    if len(files) != 1:
        raise SystemExit(f"{folder} must hold exactly one .gguf file of {NAME}, but holds {len(files)}")
    return files[0]


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    file = gguf_file(folder)
    model = AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=file.name, dtype=torch.float32, attn_implementation="eager")
    tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file.name)
    # The GGUF names its pre-tokenizer "smollm": single digits, then GPT-2's pattern. transformers reads only the latter.
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    # transformers also mistakes <|im_start|> for the end token; the GGUF says <|im_end|>, as the model's config does.
    tokenizer.eos_token = tokenizer.pad_token = tokenizer.convert_ids_to_tokens(model.config.eos_token_id)
    return model, tokenizer


def prompt_ids(tokenizer: PreTrainedTokenizerFast, messages: list[dict]) -> list[int]:
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return tokenizer.encode(text, add_special_tokens=False)
