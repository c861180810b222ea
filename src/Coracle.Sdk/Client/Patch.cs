using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>A change to an object, in one of the four forms that servers take.</summary>
public sealed class Patch
{
    private Patch(string contentType, ReadOnlyMemory<byte> body) => (ContentType, Body) = (contentType, body);

    /// <summary>Of which sort it is.</summary>
    public string ContentType { get; }
    /// <summary>What is sent.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>RFC 6902: a list of operations.</summary>
    public static Patch Json(JsonArray operations) => Json(Bytes(operations));
    /// <summary>A list of operations (RFC 6902), as JSON.</summary>
    public static Patch Json(ReadOnlyMemory<byte> operations) => new("application/json-patch+json", operations);

    /// <summary>RFC 7386: what to set, with null for what to remove.</summary>
    public static Patch Merge(JsonObject changes) => Merge(Bytes(changes));
    /// <summary>Fields to be set, and with null to be removed (RFC 7386), as JSON.</summary>
    public static Patch Merge(ReadOnlyMemory<byte> changes) => new("application/merge-patch+json", changes);

    /// <summary>As merge, with lists merged by their keys; built-in kinds only.</summary>
    public static Patch Strategic(JsonObject changes) => Strategic(Bytes(changes));
    /// <summary>As a merge, with lists merged by their keys; for built-in kinds alone.</summary>
    public static Patch Strategic(ReadOnlyMemory<byte> changes) => new("application/strategic-merge-patch+json", changes);

    /// <summary>Server-side apply: the fields that the caller wants to own. Creates the object where there is none.</summary>
    public static Patch Apply(JsonObject configuration) => Apply(Bytes(configuration));
    /// <summary>Server-side apply: the fields that the caller wants to own, as JSON.</summary>
    public static Patch Apply(ReadOnlyMemory<byte> configuration) => new(ApplyType, configuration);
    /// <summary>Server-side apply of the fields that are set.</summary>
    public static Patch Apply<T>(T configuration) where T : class, IKind<T> => Apply(ApiJson.ToBytes(configuration));

    internal const string ApplyType = "application/apply-patch+yaml";

    private static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Body.Span);
}
