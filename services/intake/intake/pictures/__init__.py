"""What people photograph and scan: judged in the request (`judge`), made presentable afterwards (`view`)."""
