using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Whose fault it is that a patch cannot be applied, and so the HTTP status that upstream answers with.</summary>
public enum PatchFault
{
    /// <summary>The patch is not one: 400.</summary>
    BadRequest,

    /// <summary>The patch has too many operations: 413.</summary>
    TooLarge,

    /// <summary>The patch does not fit the object: 422.</summary>
    Unprocessable,

    /// <summary>What upstream reports as its own error although the patch is to blame: 500.</summary>
    Internal,
}

/// <summary>Why a patch cannot be applied, in the words that clients see.</summary>
public sealed record PatchError(PatchFault Fault, string Message);

/// <summary>The patched document, or why there is none.</summary>
public readonly record struct PatchResult(JsonNode? Document, PatchError? Error)
{
    internal static PatchResult Fail(PatchFault fault, string message) => new(null, new(fault, message));

    internal static PatchResult Of(Func<JsonNode?> apply)
    {
        try { return new(apply(), null); }
        catch (PatchException e) { return new(null, e.Error); }
    }
}

/// <summary>Carries a fault out of the depth of a merge; never leaves this folder.</summary>
internal sealed class PatchException(PatchFault fault, string message) : Exception(message)
{
    public PatchError Error { get; } = new(fault, message);
}
