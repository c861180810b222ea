using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>What a kind's rules say of objects, which are defaulted first, as the server does.</summary>
internal static class Judge
{
    internal static string[] Errors(string version, string kind, string json)
    {
        var errors = new FieldErrors();
        Kind(version, kind).Rules.Validate(Bytes(version, kind, json), errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    internal static string[] Changes(string version, string kind, string old, string json, string subresource = "")
    {
        var errors = new FieldErrors();
        Kind(version, kind).Rules.ValidateUpdate(Bytes(version, kind, json), Bytes(version, kind, old), subresource, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    internal static string[] Warnings(string version, string kind, string json, string? old = null)
    {
        var warnings = new List<string>();
        Kind(version, kind).Rules.Warn(Bytes(version, kind, json), old is null ? [] : Bytes(version, kind, old), warnings);
        return [.. warnings];
    }

    internal static JsonObject Filled(string version, string kind, string json)
    {
        var obj = JsonNode.Parse(json)!.AsObject();
        Defaulter.Apply(obj, Kind(version, kind).Schema);
        Rules(version, kind).Default(obj);
        return obj;
    }

    internal static KindRules Rules(string version, string kind) => Kind(version, kind).Rules;

    private static byte[] Bytes(string version, string kind, string json) => Encoding.UTF8.GetBytes(Filled(version, kind, json).ToJsonString());

    private static KindInfo Kind(string version, string kind) => GeneratedKinds.All.Single(k => k.ApiVersion == version && k.Kind == kind);
}
