using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>An object that the API stores: it has a kind and metadata.</summary>
public interface IKubernetesObject
{
    string ApiVersion { get; }
    string Kind { get; }
    ObjectMeta Metadata { get; set; }
}

/// <summary>A stored kind, as the generator completes it. Reviews and other kinds without metadata implement <see cref="IApiType{TSelf}"/> alone.</summary>
public interface IKind<TSelf> : IApiType<TSelf>, IKubernetesObject where TSelf : class, IKind<TSelf>
{
    static abstract KindInfo Info { get; }
}
