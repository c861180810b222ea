using System.Buffers;
using System.Text.Json;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>How objects of one sort are read from and written to JSON: typed kinds, dynamic objects, or metadata alone.</summary>
public abstract class ObjectCodec<T> where T : class, IKubernetesObject
{
    /// <summary>The media types to ask for: metadata-only objects ask the server to leave the rest away.</summary>
    public virtual string Accept => "application/json";

    /// <summary>What lists are asked for in.</summary>
    public virtual string AcceptList => Accept;

    /// <summary>Reads the object at the reader's current token. Items of lists carry no apiVersion and kind; they are of <paramref name="resource"/>.</summary>
    public abstract T Read(ref Utf8JsonReader reader, ApiResource resource);
    /// <summary>Writes the object as JSON.</summary>
    public abstract void Write(T obj, Utf8JsonWriter writer);
    /// <summary>A copy that shares nothing that can change.</summary>
    public abstract T DeepCopy(T obj);

    /// <summary>The object as JSON.</summary>
    public byte[] ToBytes(T obj)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) Write(obj, writer);
        return buffer.WrittenSpan.ToArray();
    }

    internal T Parse(ReadOnlySpan<byte> json, ApiResource resource)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        reader.Read();
        return Read(ref reader, resource);
    }
}

/// <summary>Typed kinds: the generator wrote their serializers.</summary>
public sealed class KindCodec<T> : ObjectCodec<T> where T : class, IKind<T>
{
    /// <summary>The only one that is needed.</summary>
    public static KindCodec<T> Instance { get; } = new();

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, ApiResource resource) => T.Read(ref reader);
    /// <inheritdoc/>
    public override void Write(T obj, Utf8JsonWriter writer) => obj.Write(writer);
    /// <inheritdoc/>
    public override T DeepCopy(T obj) => obj.DeepCopy();
}
