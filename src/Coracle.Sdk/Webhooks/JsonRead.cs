using System.Text;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Reads what others sent: a value of another type is taken for none.</summary>
internal static class JsonRead
{
    public static string Text(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    public static bool Flag(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>The member; undefined where there is none.</summary>
    public static JsonElement Member(this JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The member as it stands; empty where there is none, or null.</summary>
    public static ReadOnlyMemory<byte> Raw(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? Encoding.UTF8.GetBytes(value.GetRawText()) : default;

    public static GroupVersionKind KindOf(this JsonElement element, string name) => element.Member(name) is var kind ? new(kind.Text("group"), kind.Text("version"), kind.Text("kind")) : default;

    public static GroupVersionResource ResourceOf(this JsonElement element, string name) =>
        element.Member(name) is var resource ? new(resource.Text("group"), resource.Text("version"), resource.Text("resource")) : default;
}
