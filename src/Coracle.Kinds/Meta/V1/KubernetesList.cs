using System.Text.Json;
using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>A list of objects of one kind: a PodList is a <c>KubernetesList&lt;Pod&gt;</c>.</summary>
public sealed class KubernetesList<T> : IApiType<KubernetesList<T>> where T : class, IKind<T>
{
    public ListMeta Metadata { get; set; } = new();
    public List<T> Items { get; set; } = [];

    /// <summary>"v1" of a PodList.</summary>
    public string ApiVersion => T.Info.ApiVersion;

    /// <summary>"PodList".</summary>
    public string Kind => T.Info.ListKind;

    /// <inheritdoc/>
    public static SchemaNode Schema => schema ?? Interlocked.CompareExchange(ref schema, ListSchema.Of(T.Info), null) ?? schema;
    private static SchemaNode? schema;

    /// <inheritdoc/>
    public static KubernetesList<T> Read(ref Utf8JsonReader reader)
    {
        var list = new KubernetesList<T>();
        if (!ApiReader.BeginObject(ref reader)) return list;
        while (ApiReader.NextField(ref reader, out var name))
        {
            if (name.SequenceEqual("metadata"u8)) list.Metadata = ListMeta.Read(ref reader);
            else if (name.SequenceEqual("items"u8)) ReadItems(ref reader, list.Items);
            else ApiReader.Skip(ref reader);
        }
        return list;
    }

    private static void ReadItems(ref Utf8JsonReader reader, List<T> items)
    {
        items.Clear();
        if (!ApiReader.BeginArray(ref reader)) return;
        while (ApiReader.NextItem(ref reader)) items.Add(T.Read(ref reader));
    }

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kind"u8, Kind);
        writer.WriteString("apiVersion"u8, ApiVersion);
        writer.WritePropertyName("metadata"u8);
        Metadata.Write(writer);
        writer.WritePropertyName("items"u8);
        ApiWriter.List(writer, Items);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public KubernetesList<T> DeepCopy() => new() { Metadata = Metadata.DeepCopy(), Items = ApiContent.Copy(Items) };

    /// <inheritdoc/>
    public bool ContentEquals(KubernetesList<T>? other) =>
        other is not null && Metadata.ContentEquals(other.Metadata) && ApiContent.Same(Items, other.Items);

    /// <inheritdoc/>
    public bool IsZero => Metadata.IsZero && Items.Count == 0;
}
