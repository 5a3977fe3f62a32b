// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title IAdvisor
/// @notice Small models of text as data, which anybody registers and the chain itself evaluates.
/// @dev A model says how likely an idea is to pass, from the words of its document alone. It is a weight for each of
/// 4,096 features and a bias; a text's features are the words it has, hashed, however often they stand in it. Integers
/// only, so that whoever evaluates it anywhere else gets the same bits. Nothing is scored here: whether a model helps
/// follows from the log and from what was decided after it had registered, the same for everybody. No contract reads an
/// advisor, nothing here holds money, and nobody has a role.
interface IAdvisor {
    /// @notice A model as it was registered, for ever.
    /// @param weights Where its weights are: a zero byte, then 4,096 big-endian numbers of two bytes, as code that does
    /// nothing.
    /// @param bias Log odds of a text without words: a number of 1024ths.
    /// @param registeredAt When it was registered, Unix seconds.
    /// @param owner Who registered it.
    /// @param card sha2-256 of its card, a document that says what it was made of and what it is not good for.
    struct Model {
        address weights;
        int32 bias;
        uint48 registeredAt;
        address owner;
        bytes32 card;
    }

    // ── events ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A model was registered.
    /// @param model Number of the model, from 1.
    /// @param owner Who registered it.
    /// @param weights Where its weights are.
    /// @param bias Log odds of a text without words: a number of 1024ths.
    /// @param lang The language it was made for, a BCP 47 tag.
    /// @param card sha2-256 of its card.
    event ModelRegistered(
        uint256 indexed model, address indexed owner, address weights, int32 bias, string lang, bytes32 card
    );

    // ── errors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The weights have {length} bytes.
    /// @custom:right Give {expected}: two for each of the 4,096 features.
    /// @param length Number of bytes that were given.
    /// @param expected Number of bytes that a model has.
    error AdvisorWeightsLength(uint256 length, uint256 expected);
    /// @notice The language's tag has {length} bytes.
    /// @custom:right Name one language by a tag of 1 to {limit}, such as en.
    /// @param length Number of bytes of the tag.
    /// @param limit Largest number of bytes of a tag.
    error AdvisorLanguageLength(uint256 length, uint256 limit);
    /// @notice The model has no card.
    /// @custom:right Name the sha2-256 of a document that says what it was made of.
    error AdvisorNoCard();
    /// @notice The weights could not be stored with the gas that there was.
    /// @custom:right Give the call 2,200,000 gas.
    error AdvisorNotStored();
    /// @notice There is no model {model}.
    /// @custom:right Name one of 1 to {last}.
    /// @param model Number of the model that was named.
    /// @param last Number of the latest model, 0 where there is none.
    error AdvisorUnknownModel(uint256 model, uint256 last);
    /// @notice The text has {length} bytes.
    /// @custom:right Give the first {limit} at most: a model reads no further.
    /// @param length Number of bytes of the text.
    /// @param limit Largest number of bytes of a text.
    error AdvisorTextTooLong(uint256 length, uint256 limit);

    // ── actions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Registers a model, for ever.
    /// @dev Anybody may. Only models of accounts that could have posted an idea at that moment are ranked, and only
    /// what is posted after it can speak for it.
    /// @param weights A weight for each of the 4,096 features: big-endian numbers of two bytes, in 1024ths.
    /// @param bias Log odds of a text without words: a number of 1024ths.
    /// @param lang The language it was made for, a BCP 47 tag of at most 35 bytes.
    /// @param card sha2-256 of its card.
    /// @return model Number of the model, from 1.
    function register(bytes calldata weights, int32 bias, string calldata lang, bytes32 card)
        external
        returns (uint256 model);

    // ── views ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice How many models are registered.
    /// @return count Number of models.
    function modelCount() external view returns (uint256 count);

    /// @notice A model.
    /// @param model Number of the model.
    /// @return found The model as it was registered.
    function modelOf(uint256 model) external view returns (Model memory found);

    /// @notice A model's weights.
    /// @param model Number of the model.
    /// @return weights 4,096 big-endian numbers of two bytes.
    function weightsOf(uint256 model) external view returns (bytes memory weights);

    /// @notice What a model says of a text: the log odds that such an idea passes.
    /// @dev Words are runs of ASCII letters, lowered, of digits and of bytes from 0x80 on, and end after 32 bytes at
    /// the latest for what follows is not read; a word's feature is the last 12 bits of its Keccak-256. With k features
    /// of weights w it is bias + 1024·Σw ÷ ⌊√(k·2^20)⌋, the quotient towards zero; without words it is the bias.
    /// @param model Number of the model.
    /// @param text The text, at most 4,096 bytes.
    /// @return logOdds The log odds: a number of 1024ths.
    /// @return features The number of features that the text has.
    function logit(uint256 model, bytes calldata text) external view returns (int256 logOdds, uint256 features);
}
