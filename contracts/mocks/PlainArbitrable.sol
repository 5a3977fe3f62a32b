// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";

import {IDisputeParties, IJury} from "../../interfaces/IJury.sol";

/// @title PlainArbitrable
/// @notice Opens disputes, names parties, keeps rulings; misbehaves where told to.
contract PlainArbitrable is IArbitrable, IDisputeParties {
    enum Manner {
        Keeps,
        Refuses,
        ReEnters,
        KeepsPartiesSecret
    }

    mapping(address arbitrator => mapping(uint256 disputeID => uint256)) public rulings;
    mapping(address arbitrator => mapping(uint256 disputeID => uint256)) public timesRuled;
    Manner public manner;

    mapping(address arbitrator => mapping(uint256 disputeID => address[])) private _parties;

    error PlainArbitrableTooLate(uint256 disputeID);
    error PlainArbitrableSecret(uint256 disputeID);

    function open(IArbitrator arbitrator, uint256 choices) external payable returns (uint256 disputeID) {
        return arbitrator.createDispute{value: msg.value}(choices, "");
    }

    function setParties(address arbitrator, uint256 disputeID, address[] calldata parties) external {
        _parties[arbitrator][disputeID] = parties;
    }

    function setManner(Manner newManner) external {
        manner = newManner;
    }

    function rule(uint256 disputeID, uint256 ruling) external {
        require(manner != Manner.Refuses, PlainArbitrableTooLate(disputeID));
        if (manner == Manner.ReEnters) IJury(msg.sender).executeRuling(disputeID);
        rulings[msg.sender][disputeID] = ruling;
        ++timesRuled[msg.sender][disputeID];
        emit Ruling(IArbitrator(msg.sender), disputeID, ruling);
    }

    function partiesOf(address arbitrator, uint256 disputeID) external view returns (address[] memory) {
        require(manner != Manner.KeepsPartiesSecret, PlainArbitrableSecret(disputeID));
        return _parties[arbitrator][disputeID];
    }
}
