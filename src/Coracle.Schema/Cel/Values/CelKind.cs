namespace Coracle.Schema.Cel;

/// <summary>What a value is at run time.</summary>
public enum CelKind : byte { Null, Bool, Int, Uint, Double, String, Bytes, Timestamp, Duration, List, Map, Type, Optional, Object, Error }
