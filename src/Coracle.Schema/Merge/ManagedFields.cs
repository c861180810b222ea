using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// Who an entry of managedFields belongs to. An applier is the same whatever version it used last; updates of different versions stay apart.
/// </summary>
internal sealed record ManagerIdentity(string Manager, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public static ManagerIdentity Of(string manager, string operation, string apiVersion, string subresource) =>
        new(manager, operation, operation == Apply ? "" : apiVersion, subresource);

    /// <summary>The identity as upstream writes it, which decides orders that clients see.</summary>
    public string Key { get; } = KeyOf(manager: Manager, Operation, ApiVersion, Subresource);

    private static string KeyOf(string manager, string operation, string apiVersion, string subresource)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            if (manager.Length > 0) writer.WriteString("manager"u8, manager);
            if (operation.Length > 0) writer.WriteString("operation"u8, operation);
            if (apiVersion.Length > 0) writer.WriteString("apiVersion"u8, apiVersion);
            if (subresource.Length > 0) writer.WriteString("subresource"u8, subresource);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>As in a conflict: "kubectl-client-side-apply" using apps/v1.</summary>
    public override string ToString()
    {
        var text = GoText.Quote(Manager);
        if (Subresource.Length > 0) text += $" with subresource {GoText.Quote(Subresource)}";
        return Operation == Update ? $"{text} using {ApiVersion}" : text;
    }
}

/// <summary>The managedFields of an object: read, changed, and written in upstream's order.</summary>
internal sealed class ManagedFields
{
    private readonly Dictionary<string, ManagerIdentity> identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> times = new(StringComparer.Ordinal);

    /// <summary>The fields by the key of their manager.</summary>
    public Dictionary<string, ManagerFields> Managers { get; } = new(StringComparer.Ordinal);

    public string Key(ManagerIdentity identity)
    {
        identities[identity.Key] = identity;
        return identity.Key;
    }

    public ManagerIdentity Identity(string key) => identities[key];

    public long Seconds(string key) =>
        times.TryGetValue(key, out var time) && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : 0;

    public void Stamp(string key, DateTimeOffset now) => times[key] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public void CopyTime(string from, string to)
    {
        if (times.TryGetValue(from, out var time)) times[to] = time;
        else times.Remove(to);
    }

    /// <summary>Reads metadata.managedFields. Throws <see cref="FormatException"/> or <see cref="JsonException"/> when they are not well formed.</summary>
    /// <param name="list">The entries.</param>
    /// <param name="stored">They are as <see cref="Write"/> wrote them, so that there is no need to look into all of them.</param>
    public static ManagedFields Read(JsonNode? list, bool stored)
    {
        var fields = new ManagedFields();
        var entries = list as JsonArray ?? [];
        for (var i = 0; i < entries.Count; i++)
            fields.ReadEntry(entries[i] as JsonObject ?? throw new FormatException("operation must be `Apply` or `Update`"), i, stored);
        return fields;
    }

    private void ReadEntry(JsonObject entry, int index, bool stored)
    {
        var operation = Text(entry, "operation");
        if (operation is not (ManagerIdentity.Apply or ManagerIdentity.Update)) throw new FormatException("operation must be `Apply` or `Update`");
        var apiVersion = Text(entry, "apiVersion");
        if (apiVersion.Length == 0) throw new FormatException("apiVersion must not be empty");
        var type = Text(entry, "fieldsType");
        if (type != "FieldsV1")
            throw new FormatException(type.Length == 0 ? $"missing fieldsType in managed fields entry {index}" : $"invalid fieldsType {GoText.Quote(type)} in managed fields entry {index}");
        var key = Key(ManagerIdentity.Of(Text(entry, "manager"), operation, apiVersion, Text(entry, "subresource")));
        var applied = operation == ManagerIdentity.Apply;
        Managers[key] = stored && entry["fieldsV1"] is { } json ? new(JsonText.ToBytes(json), apiVersion, applied) : new(FieldSet.Read(entry["fieldsV1"]), apiVersion, applied);
        if (Text(entry, "time") is { Length: > 0 } time) times[key] = time;
    }

    private static string Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>The entries as JSON: applies before updates, then by time, then by name. Null when there are none.</summary>
    public JsonArray? Write()
    {
        if (Managers.Count == 0) return null;
        var list = new JsonArray();
        foreach (var key in InOrder()) list.Add((JsonNode)Entry(key));
        return list;
    }

    private IEnumerable<string> InOrder() => Managers.Count == 1
        ? Managers.Keys
        : Managers.Keys
            .OrderBy(k => Managers[k].Applied ? 0 : 1)
            .ThenBy(Seconds)
            .ThenBy(k => identities[k].Manager, StringComparer.Ordinal)
            .ThenBy(k => Managers[k].ApiVersion, StringComparer.Ordinal)
            .ThenBy(k => identities[k].Subresource, StringComparer.Ordinal);

    private JsonObject Entry(string key)
    {
        var (identity, fields) = (identities[key], Managers[key]);
        var entry = new JsonObject();
        if (identity.Manager.Length > 0) entry["manager"] = identity.Manager;
        entry["operation"] = fields.Applied ? ManagerIdentity.Apply : ManagerIdentity.Update;
        entry["apiVersion"] = fields.ApiVersion;
        if (times.TryGetValue(key, out var time)) entry["time"] = time;
        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = RawNode.Of(fields.ToBytes());
        if (identity.Subresource.Length > 0) entry["subresource"] = identity.Subresource;
        return entry;
    }
}
