// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HashedText} from "../advisor/HashedText.sol";
import {IAdvisor} from "../../interfaces/IAdvisor.sol";
import {PlainHashedText} from "./PlainHashedText.sol";

/// @title AdvisorProbe
/// @notice Asks an advisor many texts at once, and what a text takes with assembly and without.
contract AdvisorProbe {
    /// @param advisor The advisor.
    /// @param model Number of the model.
    /// @param texts The texts.
    /// @return logOdds What the model says of each, in 1024ths.
    /// @return features Number of features of each.
    function logits(IAdvisor advisor, uint256 model, bytes[] calldata texts)
        external
        view
        returns (int256[] memory logOdds, uint256[] memory features)
    {
        logOdds = new int256[](texts.length);
        features = new uint256[](texts.length);
        for (uint256 i = 0; i < texts.length; ++i) {
            (logOdds[i], features[i]) = advisor.logit(model, texts[i]);
        }
    }

    /// @param advisor The advisor.
    /// @param model Number of the model.
    /// @param text A text.
    /// @return gas_ What asking takes, in gas.
    function gasOf(IAdvisor advisor, uint256 model, bytes calldata text) external view returns (uint256 gas_) {
        uint256 before = gasleft();
        advisor.logit(model, text);
        return before - gasleft();
    }

    /// @param text A text.
    /// @param weights Two bytes for each feature.
    /// @return isSame Whether both ways say the same.
    /// @return assembled What it takes as it is, in gas.
    /// @return plain What it takes without assembly, in gas.
    function compare(bytes calldata text, bytes memory weights)
        external
        view
        returns (bool isSame, uint256 assembled, uint256 plain)
    {
        uint256 before = gasleft();
        (uint256 count, int256 sum) = HashedText.dot(text, weights);
        assembled = before - gasleft();
        before = gasleft();
        (uint256 otherCount, int256 otherSum) = PlainHashedText.dot(text, weights);
        plain = before - gasleft();
        isSame = count == otherCount && sum == otherSum;
    }
}
