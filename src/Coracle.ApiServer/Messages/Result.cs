using System.Diagnostics.CodeAnalysis;

namespace Coracle.ApiServer;

/// <summary>A value, or why there is none.</summary>
public readonly struct Result<T>
{
    private Result(T? value, ApiStatus? error) => (Value, Error) = (value, error);

    public T? Value { get; }
    public ApiStatus? Error { get; }

    [MemberNotNullWhen(true, nameof(Error))]
    [MemberNotNullWhen(false, nameof(Value))]
    public bool Failed => Error is not null;

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(ApiStatus error) => new(default, error);
}
