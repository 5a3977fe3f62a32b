// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IAdvisor} from "../../interfaces/IAdvisor.sol";
import {HashedText} from "./HashedText.sol";

/// @title Advisor
/// @notice Small models of text as data, which anybody registers and the chain itself evaluates.
contract Advisor is IAdvisor {
    // ── constants ───────────────────────────────────────────────────────────────────────────────────────────────

    uint256 private constant WEIGHTS_BYTES = 8_192;
    uint256 private constant LONGEST_TEXT = 4_096;
    uint256 private constant LONGEST_TAG = 35;
    int256 private constant UNIT = 1_024;
    /// @dev Returns what follows it, 8,193 bytes: a zero, at which whoever calls the code stops, and the weights.
    bytes private constant CREATION = hex"61200180600a3d393df300";

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IAdvisor
    uint256 public modelCount;
    /// @dev Slot 0: weights 160 | bias 32 | registeredAt 48; slot 1: owner; slot 2: card.
    mapping(uint256 model => Model) private _models;

    // ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IAdvisor
    function register(bytes calldata weights, int32 bias, string calldata lang, bytes32 card)
        external
        returns (uint256 model)
    {
        uint256 length = bytes(lang).length;
        require(weights.length == WEIGHTS_BYTES, AdvisorWeightsLength(weights.length, WEIGHTS_BYTES));
        require(length > 0 && length <= LONGEST_TAG, AdvisorLanguageLength(length, LONGEST_TAG));
        require(card != 0, AdvisorNoCard());
        address at = _store(bytes.concat(CREATION, weights));
        model = ++modelCount;
        _models[model] = Model(at, bias, uint48(block.timestamp), msg.sender, card);
        emit ModelRegistered(model, msg.sender, at, bias, lang, card);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IAdvisor
    function modelOf(uint256 model) external view returns (Model memory found) {
        return _known(model);
    }

    /// @inheritdoc IAdvisor
    function weightsOf(uint256 model) external view returns (bytes memory weights) {
        return _load(_known(model).weights);
    }

    /// @inheritdoc IAdvisor
    function logit(uint256 model, bytes calldata text) external view returns (int256 logOdds, uint256 features) {
        require(text.length <= LONGEST_TEXT, AdvisorTextTooLong(text.length, LONGEST_TEXT));
        Model storage known = _known(model);
        int256 sum;
        (features, sum) = HashedText.dot(text, _load(known.weights));
        logOdds = known.bias;
        if (features > 0) logOdds += UNIT * sum / int256(Math.sqrt(features << 20));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────

    function _known(uint256 model) private view returns (Model storage known) {
        known = _models[model];
        require(known.weights != address(0), AdvisorUnknownModel(model, modelCount));
    }

    /// @dev Solidity has no way to create code that is no contract's.
    function _store(bytes memory creation) private returns (address at) {
        assembly ("memory-safe") {
            at := create(0, add(creation, 32), mload(creation))
        }
        require(at != address(0), AdvisorNotStored());
    }

    function _load(address at) private view returns (bytes memory weights) {
        weights = new bytes(WEIGHTS_BYTES);
        assembly ("memory-safe") {
            extcodecopy(at, add(weights, 32), 1, WEIGHTS_BYTES)
        }
    }
}
