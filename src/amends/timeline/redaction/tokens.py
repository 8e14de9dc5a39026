"""Tokens that are known by their form alone: a prefix that their issuer chose so that they can be found, or the three parts of a JWT.

The prefixes are those that the issuers document. Where the library of `integrations.evidence.secrets` knows one too, no length is fixed
here: issuers lengthen their tokens. No rule goes by how random something looks: hashes of commits and digests look so too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.timeline.redaction.found import Rule, by_pattern

if TYPE_CHECKING:
    import re

_B = r"(?<![A-Za-z0-9_-])"
"""Nothing of a word before it."""


def _token(kind: str, pattern: str, *signs: str) -> Rule:
    return by_pattern(kind, _B + pattern, signs)


def _has_digit(match: re.Match[str]) -> bool:
    return any(one.isdigit() for one in match[0]) and any(one.isalpha() for one in match[0])


RULES = (
    by_pattern("jwt", r"(?<![A-Za-z0-9_-])eyJ[\w-]{8,}+(?:\.[\w-]*+){1,4}", ("eyj",)),
    _token("gcp key", r"AIza[\w-]{35}", "aiza"),
    _token("gcp key", r"ya29\.[\w-]{20,}+(?:\.[\w-]++)*+", "ya29"),
    _token("gcp key", r"GOCSPX-[\w-]{20,}+", "gocspx-"),
    _token("aws key", r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}(?![0-9A-Z])", "akia", "asia", "abia", "acca"),
    by_pattern("azure key", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])", ("#q~",)),
    by_pattern(
        "azure key",
        r"(?i:AccountKey|SharedAccessKey|SharedSecret(?:Value)?)=(?P<value>[A-Za-z0-9+/]{20,}+={0,2})",
        ("accountk", "sharedacc", "shareds"),
    ),
    _token("github token", r"(?:gh[pousr]_[A-Za-z0-9]{30,}+|github_pat_\w{22,}+)", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat"),
    _token(
        "gitlab token",
        r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas|ffct)-[\w-]{20,}+(?:\.[\w-]++)*+",
        "glpat",
        "gldt-",
        "glft-",
        "glsoa",
        "glrt-",
        "glcbt",
        "glimt",
        "glptt",
        "glage",
        "gloas",
        "glffc",
    ),
    _token("slack token", r"(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}+", "xox*-", "xox*.", "xapp-"),
    by_pattern("slack webhook", r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<value>[\w/-]{20,}+)", ("hooks.slack",)),
    by_pattern("webhook", r"discord(?:app)?\.com/api/webhooks/\d{6,}/(?P<value>[\w-]{20,}+)", ("webhooks/",)),
    by_pattern("webhook", r"webhook\.office\.com/webhookb2/(?P<value>[\w@/-]{40,}+)", ("webhookb2/",)),
    _token(
        "stripe key",
        r"(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}+|whsec_[A-Za-z0-9+/]{24,}+={0,2})",
        "sk_live",
        "sk_test",
        "rk_live",
        "rk_test",
        "whsec_",
    ),
    _token("npm token", r"npm_[A-Za-z0-9]{30,}+", "npm_"),
    _token("pypi token", r"pypi-[A-Za-z0-9_-]{50,}+", "pypi-"),
    by_pattern("api key", _B + r"sk-(?:[a-z]{2,10}\d{0,2}-)*+[A-Za-z0-9_-]{20,}+", ("^sk-",), _has_digit),  # OpenAI, Anthropic, OpenRouter
    _token(
        "api key",
        r"(?:hf_[A-Za-z0-9]{30,}+|gsk_[A-Za-z0-9]{40,}+|AGE-SECRET-KEY-1[A-Z0-9]{50,}+|r8_[A-Za-z0-9]{30,}+)",
        "hf_",
        "gsk_",
        "age-s",
        "^r8_",
    ),
    _token("vault token", r"hv[sbr]\.[\w-]{20,}+", "hvs.", "hvb.", "hvr."),
    _token(
        "token",
        r"(?:do[opr]_v1_[a-f0-9]{40,}+|dckr_(?:pat|oat)_[\w-]{20,}+|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32,}+|glsa_\w{30,}+|lin_api_\w{30,}+)",
        "dop_v1",
        "doo_v1",
        "dor_v1",
        "dckr_",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "glsa_",
        "lin_api",
    ),
    _token(
        "token",
        r"(?:rubygems_[a-f0-9]{40,}+|dapi[a-f0-9]{32}(?:-\d)?|pul-[a-f0-9]{40}|NRAK-[A-Z0-9]{27}|ATATT3[\w=-]{60,}+|LTAI[A-Za-z0-9]{12,24}(?![A-Za-z0-9])|AKCp[A-Za-z0-9]{30,}+)",
        "rubygems_",
        "dapi",
        "pul-",
        "nrak-",
        "atatt3",
        "ltai",
        "akcp",
    ),
    _token(
        "token",
        r"(?:key-[a-f0-9]{32}(?![\w-])|sntry[su]_[\w=+/-]{30,}+|tfp_\w{30,}+|pk_\d{4,9}_[A-Z0-9]{32}|PMAK-[a-f0-9]{24}-[a-f0-9]{34})",
        "key-",
        "sntrys_",
        "sntryu_",
        "tfp_",
        "^pk_",
        "pmak-",
    ),
)
"""Forms with prefixes, the most particular first."""
