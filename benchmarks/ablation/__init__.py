"""The paper's ablation: baseline, + maps and GFR, + NEC, over seeds."""
