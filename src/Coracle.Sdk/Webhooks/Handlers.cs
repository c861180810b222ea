using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>
/// Fills in what is missing in objects of a kind that are created or updated. Attach it with <see cref="WebhookSet.Default{T}"/>.
/// A throw of <see cref="ApiException"/> refuses the request with its status; any other is an internal error of the webhook.
/// </summary>
public interface IDefaulter<T> where T : class, IKind<T>
{
    /// <param name="obj">The object, to be changed in place; whatever is changed becomes a JSON patch, and fields that the type does not know stay.</param>
    /// <param name="request">What is asked for, and by whom.</param>
    /// <param name="cancel">The server does not wait any longer.</param>
    ValueTask DefaultAsync(T obj, AdmissionRequest request, CancellationToken cancel);
}

/// <summary>Changes objects of a kind on their way to the store, or refuses them. Attach it with <see cref="WebhookSet.Mutate{T}"/>.</summary>
public interface IMutator<T> where T : class, IKind<T>
{
    /// <summary>Returns the object as it is to be (the one given, changed, or another), or a <see cref="Verdict"/> that refuses.</summary>
    ValueTask<Mutation<T>> MutateAsync(T obj, AdmissionRequest request, CancellationToken cancel);
}

/// <summary>Allows or refuses changes of objects of a kind. Attach it with <see cref="WebhookSet.Validate{T}"/>.</summary>
public interface IValidator<T> where T : class, IKind<T>
{
    ValueTask<Verdict> ValidateCreateAsync(T obj, AdmissionRequest request, CancellationToken cancel);

    /// <summary>What was wrong before and is not changed had better be allowed: a rule that was added later would keep the object from being corrected elsewhere.</summary>
    ValueTask<Verdict> ValidateUpdateAsync(T old, T obj, AdmissionRequest request, CancellationToken cancel);

    /// <summary>Asked only where the webhook names DELETE among its operations.</summary>
    ValueTask<Verdict> ValidateDeleteAsync(T obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);
}

/// <summary>Answers requests of any kind, on the bytes. Attach it with <see cref="WebhookSet.Handle"/>.</summary>
public interface IAdmissionHandler
{
    ValueTask<Verdict> HandleAsync(AdmissionRequest request, CancellationToken cancel);
}

/// <summary>What becomes of an object: the object itself, or a verdict.</summary>
public readonly struct Mutation<T> where T : class, IKind<T>
{
    private Mutation(T? obj, Verdict verdict) => (Object, Verdict) = (obj, verdict);

    /// <summary>The object as it is to be; null where it stays as it came.</summary>
    public T? Object { get; }

    /// <summary>Whether it is allowed; warnings.</summary>
    public Verdict Verdict { get => field ?? Verdict.Allow; }

    /// <summary>The same with warnings.</summary>
    public Mutation<T> Warn(params ReadOnlySpan<string> warnings) => new(Object, Verdict.Warn(warnings));

    public static implicit operator Mutation<T>(T obj) => new(obj, Verdict.Allow);
    public static implicit operator Mutation<T>(Verdict verdict) => new(null, verdict);
}
